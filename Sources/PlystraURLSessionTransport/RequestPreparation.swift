import Foundation
import PlystraCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension URLRequest {
  /// URLSession's own timer, which the transport replaces by one for the whole exchange: it restarts with
  /// every byte, is cut to whole seconds (so that less than one means at once) and traps on infinity.
  private static let neverTimesOut: TimeInterval = 365 * 24 * 3600

  /// What URLSession adds of its own accord unless the caller names it: a value of one space makes libcurl
  /// leave the field out altogether, while an empty one would send an empty field.
  private static let unwantedFields = [
    "Accept", "Accept-Language", "Connection", "Content-Type", "User-Agent",
  ]

  /// Turns a request into one for URLSession.
  ///
  /// - Throws: ``TransportError`` of kind `.other` for what URLSession would silently alter, drop or get
  ///   stuck on.
  init(_ request: TransportRequest) throws(TransportError) {
    self.init(url: try Self.url(of: request))
    timeoutInterval = Self.neverTimesOut
    httpShouldHandleCookies = false
    guard isToken(request.method) else { throw .refused("the method is not a token") }
    httpMethod = request.method
    if let body = request.body, !body.isEmpty {
      if httpMethod == "GET" { throw .refused("URLSession sends no GET with a body; use CurlTransport") }
      httpBody = Data(body)
    }
    allHTTPHeaderFields = try Self.fields(of: request.headers)
  }

  private static func url(of request: TransportRequest) throws(TransportError) -> URL {
    // URL encodes what is not encoded; the transport's contract is to send the text as it is.
    guard let url = URL(string: request.url), url.absoluteString == request.url else {
      throw .refused("the URL is malformed or not percent-encoded")
    }
    let scheme = url.scheme?.lowercased()
    guard scheme == "http" || scheme == "https", let host = url.host, !host.isEmpty else {
      throw .refused("the URL must be http or https and name a host")
    }
    guard url.user == nil, url.password == nil else {
      throw .refused("the URL must not contain a user name or password")
    }
    #if canImport(FoundationNetworking)
    if host.contains(":") {
      throw .refused(
        "URLSession of this platform cannot reach a literal IPv6 address; use a host name, or CurlTransport"
      )
    }
    #endif
    return url
  }

  /// One value for each name, as URLSession has it; fields that occur more than once are joined (RFC 9110
  /// §5.2).
  private static func fields(of headers: TransportHeaders) throws(TransportError) -> [String: String] {
    var fields: [String: String] = [:]
    var spellings: [String: String] = [:]
    for field in headers {
      guard isToken(field.name) else { throw .refused("a header name is not a token") }
      guard !field.value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
        throw .refused("the value of the header \(field.name) contains a line end or NUL")
      }
      let value = field.value.allSatisfy { $0 == " " || $0 == "\t" } ? "" : field.value
      let spelling = spellings[field.name.lowercased(), default: field.name]
      spellings[field.name.lowercased()] = spelling
      fields[spelling] = fields[spelling].map { "\($0), \(value)" } ?? value
    }
    #if canImport(FoundationNetworking)
    for name in unwantedFields where spellings[name.lowercased()] == nil { fields[name] = " " }
    #endif
    return fields
  }
}

extension TransportError {
  /// The request was not sent, because the platform could not send it as it is.
  static func refused(_ message: String) -> TransportError {
    TransportError(kind: .other, message: message + "; nothing was sent", mayHaveBeenSent: false)
  }
}

/// Whether a text is a token (RFC 9110 §5.6.2), as methods and header names have to be.
private func isToken(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
    }
}
