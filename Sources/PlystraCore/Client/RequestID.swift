/// The id of a logical call, which client logs, audit rows and server logs share (contract §6).
enum RequestID {
  /// A new id: `req_` and 100 random bits.
  static func generate() -> String { text(.random(in: .min ... .max), .random(in: .min ... .max)) }

  /// The ids of a client's calls, one for each number. To ask the system for random bits would take a twelfth of a
  /// call's time.
  struct Sequence: Sendable {
    private let seeds: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))

    /// The id of a number: 100 bits that are as good as random, for uniqueness, not for secrecy.
    subscript(number: UInt64) -> String {
      RequestID.text(SplitMix64.word(number, seed: seeds.0), SplitMix64.word(number, seed: seeds.1))
    }
  }

  private static func text(_ first: UInt64, _ second: UInt64) -> String {
    String(unsafeUninitializedCapacity: 24) { bytes in
      _ = bytes.update(fromContentsOf: "req_".utf8)
      write(first, to: bytes, from: 4)
      write(second, to: bytes, from: 14)
      return 24
    }
  }

  /// Writes 50 bits of a word as 10 characters, which lie within the buffer.
  private static func write(_ word: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
    for index in 0..<10 {
      let digit = UInt8(truncatingIfNeeded: word >> (5 * UInt64(index))) & 31
      bytes[start + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
    }
  }

  /// Accepts what the service keeps: 1…128 printable ASCII characters except quotes and backslash. It would
  /// silently replace anything else.
  ///
  /// - Throws: ``PlystraError`` of kind `invalidRequest`.
  static func validated(_ id: String) throws -> String {
    let bytes = id.utf8
    let isAccepted =
      (1...128).contains(bytes.count)
      && bytes.allSatisfy { (33...126).contains($0) && $0 != 0x22 && $0 != 0x27 && $0 != 0x5C }
    guard isAccepted else {
      throw PlystraError.invalidRequest(
        "requestID", "use 1 to 128 printable ASCII characters without spaces, quotes and backslashes")
    }
    return id
  }
}

/// A generator of numbers that pass for random (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
private enum SplitMix64 {
  /// The word of a number in the generator's sequence.
  static func word(_ number: UInt64, seed: UInt64) -> UInt64 {
    var word = seed &+ number &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
