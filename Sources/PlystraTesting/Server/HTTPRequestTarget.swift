/// Makes the absolute URL that a handler is given of a request target and the `Host` field
/// (RFC 9112 §3.2, §3.3).
enum HTTPRequestTarget {
  /// The URL for a target in origin form (`/path?query`) or absolute form (`http://host/path`).
  ///
  /// - Parameter host: the value of the `Host` field, or the server's own address if an HTTP/1.0 client
  ///   sent none; an absolute target's own authority goes before it.
  static func url(target: ArraySlice<UInt8>, host: String) throws(RequestRejection) -> String {
    guard target.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
      throw .malformed("the request target has a character that may not stand in it")
    }
    if target.first == UInt8(ascii: "/") {
      return "http://" + host + String(decoding: target, as: UTF8.self)
    }
    for scheme: StaticString in ["http://", "https://"]
    where HTTPGrammar.matches(target.prefix(scheme.utf8CodeUnitCount), scheme) {
      return try absolute(target.dropFirst(scheme.utf8CodeUnitCount), scheme: scheme.description)
    }
    if target.elementsEqual(CollectionOfOne(UInt8(ascii: "*"))) {
      throw RequestRejection(status: 501, reason: "the request target * is not served")
    }
    throw .malformed("the request target is neither a path nor an http URL")
  }

  private static func absolute(
    _ rest: ArraySlice<UInt8>, scheme: String
  ) throws(RequestRejection) -> String {
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    try validateAuthority(rest[..<end])
    let path = String(decoding: rest[end...], as: UTF8.self)
    return scheme + String(decoding: rest[..<end], as: UTF8.self) + (path.hasPrefix("/") ? path : "/" + path)
  }

  /// Accepts `host` or `host:port`: a name, an IPv4 address or an IPv6 address in brackets; no user info.
  static func validateAuthority(_ authority: ArraySlice<UInt8>) throws(RequestRejection) {
    var host = authority
    if let colon = authority.lastIndex(of: UInt8(ascii: ":")), authority.last != UInt8(ascii: "]") {
      host = authority[..<colon]
      let port = authority[(colon + 1)...]
      guard port.count <= 5, port.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
        throw .malformed("the host has a port that is not a number")
      }
    }
    let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.allSatisfy({ isNameByte($0) || isBracketed && $0 == UInt8(ascii: ":") }) else {
      throw .malformed("the host is missing or has a character that may not stand in it")
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"): true
    default: false
    }
  }
}
