/// Percent-encoding of paths and queries (RFC 3986).
enum PathSegment {
  /// A text as one path segment or query value: everything but unreserved characters is encoded, `/` included.
  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Names and values as a query, without `?`; empty if there are none.
  static func encodeQuery(_ parameters: [(name: String, value: String)]) -> String {
    parameters.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
  }

  /// Whether a segment is `.` or `..`, however encoded: a client or proxy would resolve it.
  static func isDots(_ segment: some StringProtocol) -> Bool {
    [".", "%2e", "..", ".%2e", "%2e.", "%2e%2e"].contains(segment.lowercased())
  }

  /// Whether a text holds nothing but what a path may hold (RFC 3986 §3.3): other characters are read differently
  /// by one server, proxy or URL library and another.
  static func isPath(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { isUnreserved($0) || "/%!$&'()*+,;=:@".utf8.contains($0) }
  }

  /// Whether a text holds nothing but what a query may hold (RFC 3986 §3.4).
  static func isQuery(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { isUnreserved($0) || "/?%!$&'()*+,;=:@".utf8.contains($0) }
  }

  /// Whether every `%` is followed by two hexadecimal digits.
  static func isEncoded(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.allSatisfy { index in
      bytes[index] != UInt8(ascii: "%")
        || (index + 2 < bytes.count && isHex(bytes[index + 1]) && isHex(bytes[index + 2]))
    }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
