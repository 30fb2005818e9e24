extension String {
  /// Runs `body` with the UTF-8 bytes, which are valid during this call only.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    // One that came from Objective-C.
    var copy = self
    return copy.withUTF8(body)
  }
}
