/// What header fields may hold.
package enum HeaderSyntax {
  /// Whether a text is a token (RFC 9110 §5.6.2), as header names and methods are.
  static func isName(_ text: String) -> Bool {
    var text = text
    // Here and below, the bytes are looked at within the closure only.
    return text.withUTF8 { !$0.isEmpty && $0.allSatisfy(isTokenByte) }
  }

  /// Whether a byte may be in a token.
  package static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    // Spelled out, since every request is checked: a search in a text takes three times as long.
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#"),
      UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// Whether a text has a control character other than a tab, which no header value may have (RFC 9110 §5.5).
  static func hasControlCharacter(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { $0.contains { $0 < 0x20 && $0 != UInt8(ascii: "\t") || $0 == 0x7F } }
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

  /// Whether a header of this name says which host a request is for, or where its body ends: every transport writes these
  /// itself.
  static func framesRequests(_ name: String) -> Bool {
    // By length first, since most names are none of them.
    switch name.utf8.count {
    case 4: TransportHeaders.namesMatch(name, "Host")
    case 14: TransportHeaders.namesMatch(name, "Content-Length")
    case 17: TransportHeaders.namesMatch(name, "Transfer-Encoding")
    default: false
    }
  }

  /// Whether only a transport may set a header of this name.
  static func belongsToTransport(_ name: String) -> Bool {
    transportNames.contains { TransportHeaders.namesMatch($0, name) }
  }
}
