/// Gzip streams (RFC 1952) for answers: small ones that decode to a text, and one that decodes to far more than it has.
enum GzipStream {
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

  /// A complete stream of at most 65,535 bytes, which are stored as they are.
  static func storing(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(truncatingIfNeeded: bytes.count)
    return header + [1] + littleEndian(count) + littleEndian(~count) + bytes
      + littleEndian(checksum(of: bytes)) + littleEndian(UInt32(bytes.count))
  }

  /// The beginning of a stream that decodes to at least so many zero bytes, 158 times its own length.
  ///
  /// With the fixed code (RFC 1951 §3.2.6) "repeat the last byte 258 times" is `11000101 00000`: 13 bits, so that the
  /// stream repeats itself every 13 bytes.
  static func bomb(decodingTo count: Int) -> [UInt8] {
    var bits: [Bool] = [true, true, false]  // the last block, with the fixed code
    bits += [false, false, true, true, false, false, false, false]  // the literal 0
    for _ in 0..<16 {
      bits += [true, true, false, false, false, true, false, true, false, false, false, false, false]
    }
    let packed = pack(bits)
    // From the second byte on, whose bits begin in mid-match, 13 bytes hold 8 matches.
    let period = Array(packed[2..<15])
    var stream = header + packed[..<2]
    for _ in 0...count / (8 * 258) { stream.append(contentsOf: period) }
    return stream
  }

  private static func pack(_ bits: [Bool]) -> [UInt8] {
    stride(from: 0, to: bits.count - bits.count % 8, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { bits[start + $1] ? $0 | 1 << UInt8($1) : $0 }
    }
  }

  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
