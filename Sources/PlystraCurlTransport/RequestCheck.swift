import PlystraCore

/// The check of a request before anything is sent: what would be split into another request, misread, or is the
/// transport's to write is refused.
///
/// The errors name the part at fault and never quote it: it may be a credential.
enum RequestCheck {
  /// Header fields that the transport writes itself.
  private static let ownFields: Set = ["host", "content-length", "transfer-encoding"]

  /// Checks every part of a request.
  ///
  /// - Returns: the origin, that is scheme and authority of the URL.
  static func origin(of request: HTTPRequest) throws(TransportError) -> String {
    guard isToken(request.method) else { throw .other("the method is not an HTTP method name") }
    guard request.method != "HEAD" || request.body?.isEmpty != false else {
      throw .other("a HEAD request cannot carry a body")
    }
    for field in request.headers { try check(field) }
    return try origin(of: request.url)
  }

  private static func check(_ field: HTTPHeaders.Field) throws(TransportError) {
    guard isToken(field.name) else { throw .other("the name of a header field is not an HTTP field name") }
    guard field.value.utf8.allSatisfy(isFieldByte) else {
      throw .other("the value of the header field \(field.name) has a control character, such as a line end")
    }
    let length = field.name.utf8.count
    guard length != 4 && length != 14 && length != 17 || !ownFields.contains(field.name.lowercased()) else {
      throw .other("the header field \(field.name) is written by the transport; leave it out")
    }
  }

  private static func origin(of url: String) throws(TransportError) -> String {
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .other("the URL has a space, a control character or one beyond ASCII; percent-encode it")
    }
    let bytes = url.utf8
    guard let authority = authorityStart(of: bytes) else {
      throw .other("the URL does not begin with http:// or https://")
    }
    let end = bytes[authority...].firstIndex { "/?#\\".utf8.contains($0) } ?? bytes.endIndex
    guard authority < end else { throw .other("the URL has no host") }
    guard !bytes[authority..<end].contains(UInt8(ascii: "@")) else {
      throw .other("the URL has user information; credentials belong in a header field")
    }
    let origin = url[..<end]
    return origin.utf8.contains(where: isUppercase) ? origin.lowercased() : String(origin)
  }

  /// Where the authority begins: behind the scheme, if that is one of ours.
  private static func authorityStart(of url: String.UTF8View) -> String.Index? {
    for scheme in ["http://", "https://"] {
      let head = url.prefix(scheme.utf8.count)
      if head.elementsEqual(scheme.utf8, by: { ($0 | (isUppercase($0) ? 0x20 : 0)) == $1 }) {
        return head.endIndex
      }
    }
    return nil
  }

  private static func isUppercase(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
  }

  /// Whether a text is a token (RFC 9110 §5.6.2), as methods and field names are.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
      UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "|"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  /// Whether a byte may stand in a field value: anything but a control character; a tab may.
  private static func isFieldByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t")
  }
}
