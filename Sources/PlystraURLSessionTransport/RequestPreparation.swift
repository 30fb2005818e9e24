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
  /// - Throws: ``TransportError`` of kind `.other` for what no transport sends, and for what URLSession would silently
  ///   alter, drop or get stuck on.
  init(_ request: TransportRequest) throws(TransportError) {
    try request.check()
    self.init(url: try Self.url(of: request))
    timeoutInterval = Self.neverTimesOut
    httpShouldHandleCookies = false
    httpMethod = request.method
    if let body = request.body, !body.isEmpty {
      if httpMethod == "GET" { throw .refused("URLSession sends no GET with a body; use CurlTransport") }
      httpBody = Data(body)
    }
    allHTTPHeaderFields = Self.fields(of: request.headers)
  }

  private static func url(of request: TransportRequest) throws(TransportError) -> URL {
    // URL encodes what is not encoded; the transport's contract is to send the text as it is.
    guard let url = URL(string: request.url), url.absoluteString == request.url else {
      throw .refused("the URL is malformed or not percent-encoded")
    }
    guard let host = url.host, !host.isEmpty else { throw .refused("the URL has no host") }
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
  private static func fields(of headers: TransportHeaders) -> [String: String] {
    var fields: [String: String] = [:]
    var spellings: [String: String] = [:]
    for field in headers {
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
