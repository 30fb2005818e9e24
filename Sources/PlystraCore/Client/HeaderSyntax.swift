/// What header fields may hold.
enum HeaderSyntax {
  /// Whether a text is a header name (RFC 9110 §5.1).
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Whether a text is a header value that arrives unchanged: printable ASCII, spaces within.
  static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
  }

  /// Names that the SDK or its transport sets itself.
  static let reserved = [
    "Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect",
    "Host",
    "Keep-Alive",
    "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "X-Request-ID",
  ]

  /// Whether an application may set a header of this name.
  static func isReserved(_ name: String) -> Bool {
    HTTPHeaders.isCredential(name) || reserved.contains { HTTPHeaders.namesMatch($0, name) }
  }
}
