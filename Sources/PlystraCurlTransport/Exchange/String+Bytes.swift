extension String {
  /// Runs `body` with the UTF-8 bytes, which are valid during this call only.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    // One that came from Objective-C.
    var copy = self
    return copy.withUTF8(body)
  }

  /// Whether a token (RFC 9110 §5.6.2) is this one, in letters of any case: no other byte of a token turns into a small
  /// letter or a hyphen by the bit that tells capital letters from small ones.
  func isToken(_ lowercased: StaticString) -> Bool {
    withBytes { bytes in
      // The first difference is mostly the length.
      bytes.count == lowercased.utf8CodeUnitCount
        && bytes.indices.allSatisfy { bytes[$0] | 0x20 == lowercased.utf8Start[$0] }
    }
  }
}
