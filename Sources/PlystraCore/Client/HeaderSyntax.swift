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

  /// Names that the SDK sets itself.
  private static let reserved = ["Accept", "Content-Encoding", "Content-Type", "User-Agent"]

  /// Names that say where a request goes, where it ends and what the connection is for, which a transport sets.
  private static let transportNames = [
    "Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Connection",
    "TE",
    "Trailer", "Transfer-Encoding", "Upgrade",
  ]

  /// Whether an application may not set a header of this name for all calls.
  static func isReserved(_ name: String) -> Bool {
    TransportHeaders.isCredential(name) || belongsToTransport(name)
      || reserved.contains { TransportHeaders.namesMatch($0, name) }
  }

  /// Whether only a transport may set a header of this name.
  static func belongsToTransport(_ name: String) -> Bool {
    transportNames.contains { TransportHeaders.namesMatch($0, name) }
  }
}
