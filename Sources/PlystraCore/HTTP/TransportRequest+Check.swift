extension TransportRequest {
  /// Refuses, before anything is sent, what a server or a proxy might misread: a method, header field or URL that could
  /// split the request in two, and the header fields that a transport writes itself.
  ///
  /// - Returns: how many bytes of the URL its scheme and authority take, as in `https://plystra.internal:8443`.
  /// - Throws: ``TransportError`` of kind `.other` that names the part at fault and never quotes a value or the URL, which
  ///   may hold a credential.
  @discardableResult
  package func check() throws(TransportError) -> Int {
    guard HeaderSyntax.isName(method) else { throw .refused("the method is not an HTTP method name") }
    guard method != "HEAD" || body?.isEmpty != false else {
      throw .refused("a HEAD request cannot have a body")
    }
    for field in headers.fields {
      guard HeaderSyntax.isName(field.name) else {
        throw .refused("the name of a header field is not an HTTP field name")
      }
      guard !HeaderSyntax.framesRequests(field.name) else {
        throw .refused("the header field \(field.name) is written by the transport; leave it out")
      }
      guard !HeaderSyntax.hasControlCharacter(field.value) else {
        throw .refused(
          "the value of the header field \(field.name) has a control character, such as a line end")
      }
    }
    switch URLOrigin(of: url) {
    case .found(let length): return length
    case .notVisibleASCII:
      throw .refused("the URL has a space, a control character or one beyond ASCII; percent-encode it")
    case .otherScheme: throw .refused("the URL does not begin with http:// or https://")
    case .noHost: throw .refused("the URL has no host")
    case .userInformation:
      throw .refused("the URL has user information; credentials belong in a header field")
    }
  }
}

extension TransportError {
  /// Nothing was sent, because the request cannot be sent as it is.
  package static func refused(_ message: String) -> TransportError {
    TransportError(kind: .other, message: message + "; nothing was sent", mayHaveBeenSent: false)
  }
}

/// The scheme and authority at the start of a URL, or what is wrong with them.
private enum URLOrigin {
  case found(length: Int)
  case notVisibleASCII, otherScheme, noHost, userInformation

  init(of url: String) {
    var url = url
    // `find` keeps no pointer to the bytes.
    self = url.withUTF8(Self.find)
  }

  private static func find(in url: UnsafeBufferPointer<UInt8>) -> URLOrigin {
    guard url.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return .notVisibleASCII }
    let start: Int
    if begins(url, with: "http://") {
      start = 7
    } else if begins(url, with: "https://") {
      start = 8
    } else {
      return .otherScheme
    }
    var end = start
    scan: while end < url.count {
      switch url[end] {
      case UInt8(ascii: "@"): return .userInformation
      // Some clients read a backslash as a slash: what comes after it is no host for any of them.
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"): break scan
      default: end += 1
      }
    }
    return end == start ? .noHost : .found(length: end)
  }

  /// Whether a URL of visible ASCII begins with a text in small letters, in letters of any case.
  private static func begins(_ url: UnsafeBufferPointer<UInt8>, with text: StaticString) -> Bool {
    // The bit 0x20 tells small letters from capital ones; only control characters turn into `:` or `/` by it.
    text.withUTF8Buffer { text in url.count >= text.count && zip(url, text).allSatisfy { $0 | 0x20 == $1 } }
  }
}
