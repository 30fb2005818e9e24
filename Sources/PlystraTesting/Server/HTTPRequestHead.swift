import PlystraCore

/// A request's head: what the request line and the header fields say.
struct HTTPRequestHead {
  /// How the end of the body is found (RFC 9112 §6.3).
  enum Framing: Equatable {
    /// There is no body.
    case none
    /// The body has this many bytes; `Int.max` stands for any number that is larger.
    case length(Int)
    /// The body comes in chunks.
    case chunked
  }

  let method: String
  let url: String
  /// The fields that concern the handler: without those about the connection and the body's framing.
  let headers: TransportHeaders
  let framing: Framing
  let isVersion10: Bool
  /// Whether the client waits for `100 Continue` before it sends the body.
  let expectsContinue: Bool
  /// Whether the client wants to send another request on this connection.
  let keepsAlive: Bool

  /// Reads the bytes from the request line to the last field line, each with its line end.
  ///
  /// - Parameter ownAuthority: the server's own address, for HTTP/1.0 clients that send no `Host`.
  init(_ bytes: ArraySlice<UInt8>, ownAuthority: String) throws(RequestRejection) {
    var lines = Lines(rest: bytes)
    let line = try RequestLine(lines.next() ?? [])
    var fields = FieldReader()
    while let fieldLine = lines.next() { try fields.read(fieldLine) }
    if fields.host == nil, !line.isVersion10 { throw .malformed("there is no Host field") }

    method = String(decoding: line.method, as: UTF8.self)
    isVersion10 = line.isVersion10
    url = try HTTPRequestTarget.url(target: line.target, host: fields.host ?? ownAuthority)
    headers = fields.headers
    framing = try fields.framing(isVersion10: isVersion10)
    expectsContinue = fields.expectsContinue && !isVersion10
    keepsAlive = !fields.wantsClose && (!isVersion10 || fields.wantsKeepAlive)
  }

  /// Cuts a head into lines without their ends.
  private struct Lines {
    var rest: ArraySlice<UInt8>

    mutating func next() -> ArraySlice<UInt8>? {
      guard let end = rest.firstIndex(of: HTTPGrammar.lineFeed) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<(end - 1)]
    }
  }
}

/// The first line of a request: method, target and version with one space between them (RFC 9112 §3).
private struct RequestLine {
  let method: ArraySlice<UInt8>
  let target: ArraySlice<UInt8>
  let isVersion10: Bool

  init(_ line: ArraySlice<UInt8>) throws(RequestRejection) {
    let parts = line.split(separator: HTTPGrammar.space, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(HeaderSyntax.isTokenByte) else {
      throw .malformed("the request line is not a method, a target and a version")
    }
    method = parts[0]
    target = parts[1]
    if parts[2].elementsEqual("HTTP/1.1".utf8) {
      isVersion10 = false
    } else if parts[2].elementsEqual("HTTP/1.0".utf8) {
      isVersion10 = true
    } else if Self.isVersion(parts[2]) {
      throw RequestRejection(status: 505, reason: "only HTTP/1.1 and HTTP/1.0 are spoken")
    } else {
      throw .malformed("the request line does not end in a version")
    }
  }

  private static func isVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.dropFirst(5).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return bytes.starts(with: "HTTP/".utf8) && digits.count == 2
      && digits.allSatisfy {
        $0.count == 1 && $0.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
      }
  }
}

/// Collects header fields and keeps apart those that speak of the connection or the body's framing.
private struct FieldReader {
  private(set) var headers = TransportHeaders()
  private(set) var host: String?
  private(set) var expectsContinue = false
  private(set) var wantsClose = false
  private(set) var wantsKeepAlive = false
  private var contentLength: Int?
  private var isChunked = false

  init() { headers.reserveCapacity(12) }

  mutating func read(_ line: ArraySlice<UInt8>) throws(RequestRejection) {
    let (name, value) = try HTTPGrammar.field(line)
    // Told apart by length first: most fields are none of these.
    switch name.count {
    case 4 where HTTPGrammar.matches(name, "host"): try readHost(value)
    case 14 where HTTPGrammar.matches(name, "content-length"): try readLength(value)
    case 17 where HTTPGrammar.matches(name, "transfer-encoding"): try readCoding(value)
    case 10 where HTTPGrammar.matches(name, "connection"): readConnection(value)
    case 6 where HTTPGrammar.matches(name, "expect"): try readExpectation(value)
    case 2 where HTTPGrammar.matches(name, "te"), 7 where HTTPGrammar.matches(name, "trailer"),
      7 where HTTPGrammar.matches(name, "upgrade"), 10 where HTTPGrammar.matches(name, "keep-alive"),
      16 where HTTPGrammar.matches(name, "proxy-connection"):
      break  // Between client and server only.
    default: headers.add(String(decoding: name, as: UTF8.self), HTTPGrammar.text(value))
    }
  }

  /// What the fields together say about the body; two answers to that question are none (RFC 9112 §6.1).
  func framing(isVersion10: Bool) throws(RequestRejection) -> HTTPRequestHead.Framing {
    guard isChunked else { return contentLength.map { .length($0) } ?? .none }
    if contentLength != nil { throw .malformed("there are both Content-Length and Transfer-Encoding") }
    if isVersion10 { throw .malformed("there is a Transfer-Encoding in an HTTP/1.0 request") }
    return .chunked
  }

  private mutating func readHost(_ value: ArraySlice<UInt8>) throws(RequestRejection) {
    guard host == nil else { throw .malformed("there is more than one Host field") }
    try HTTPRequestTarget.validateAuthority(value)
    host = String(decoding: value, as: UTF8.self)
  }

  private mutating func readLength(_ value: ArraySlice<UInt8>) throws(RequestRejection) {
    guard contentLength == nil else { throw .malformed("there is more than one Content-Length field") }
    var length = 0
    for byte in value {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
        throw .malformed("Content-Length is not a number")
      }
      let (product, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      length = overflow || overflow2 || length == .max ? .max : sum
    }
    if value.isEmpty { throw .malformed("Content-Length is empty") }
    contentLength = length
  }

  private mutating func readCoding(_ value: ArraySlice<UInt8>) throws(RequestRejection) {
    guard !isChunked else { throw .malformed("there is more than one Transfer-Encoding field") }
    guard HTTPGrammar.matches(value, "chunked") else {
      throw RequestRejection(status: 501, reason: "chunked is the only Transfer-Encoding that is understood")
    }
    isChunked = true
  }

  private mutating func readConnection(_ value: ArraySlice<UInt8>) {
    for option in HTTPGrammar.listMembers(value) {
      if HTTPGrammar.matches(option, "close") { wantsClose = true }
      if HTTPGrammar.matches(option, "keep-alive") { wantsKeepAlive = true }
    }
  }

  private mutating func readExpectation(_ value: ArraySlice<UInt8>) throws(RequestRejection) {
    guard HTTPGrammar.matches(value, "100-continue") else {
      throw RequestRejection(status: 417, reason: "100-continue is the only expectation that can be met")
    }
    expectsContinue = true
  }
}
