import PlystraCore
import Testing

@testable import PlystraTesting

@Suite("HTTP request parser: what it refuses")
struct HTTPRequestRejectionTests {
  struct Malformed: CustomTestStringConvertible {
    let text: String
    let status: Int
    var testDescription: String { "\(status) \(text.debugDescription.prefix(100))" }

    init(_ text: String, _ status: Int = 400) {
      self.text = text
      self.status = status
    }

    /// A request with further fields, and bytes behind its head.
    init(fields: String, body: String = "", _ status: Int = 400) {
      self.init("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n\r\n\(body)", status)
    }
  }

  static let requestLines = [
    Malformed("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/1.1\nHost: h\n\n"),
    Malformed("GET / HTTP/1.1\r\nHost: h\r\n\n"),
    Malformed("GET /\r\n\r\n"),
    Malformed("GET\r\n\r\n"),
    Malformed(" GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET /  HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
    Malformed("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("G\u{0}T / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("G(T / HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET / http/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/1.1\rX\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/11\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505),
    Malformed("GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505),
    Malformed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
  ]

  static let targets = [
    Malformed("GET a HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET ?a HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET /é HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET /\u{7F} HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET http://user@h/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("GET http://h:x/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"),
    Malformed("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 501),
  ]

  static let fields = [
    Malformed("GET / HTTP/1.1\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: h, h\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: h/a\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: user@h\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: h:port\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\nHost: []\r\n\r\n"),
    Malformed("GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
    Malformed(fields: "A: b\r\n c"),
    Malformed(fields: "A: b\r\n\tc"),
    Malformed(fields: "A : b"),
    Malformed(fields: "A\t: b"),
    Malformed(fields: ": b"),
    Malformed(fields: "A"),
    Malformed(fields: "A b: c"),
    Malformed(fields: "Á: c"),
    Malformed(fields: "A: b\u{0}c"),
    Malformed(fields: "A: b\rc"),
    Malformed(fields: "A: b\u{7F}"),
    Malformed(fields: "A: b\nContent-Length: 0"),
    Malformed(fields: "Expect: 200-ok", 417),
  ]

  static let framings = [
    Malformed(fields: "Content-Length: 1\r\nContent-Length: 2", body: "ab"),
    Malformed(fields: "Content-Length: 1\r\nContent-Length: 1", body: "a"),
    Malformed(fields: "Content-Length: 1, 1", body: "a"),
    Malformed(fields: "Content-Length: +1", body: "a"),
    Malformed(fields: "Content-Length: -1", body: "a"),
    Malformed(fields: "Content-Length: 0x1", body: "a"),
    Malformed(fields: "Content-Length: 1.0", body: "a"),
    Malformed(fields: "Content-Length: 1 1", body: "a"),
    Malformed(fields: "Content-Length:", body: "a"),
    Malformed(fields: "Content-Length: ١", body: "a"),
    Malformed(fields: "Content-Length: 2097153", 413),
    Malformed(fields: "Content-Length: 18446744073709551617", 413),
    Malformed(fields: "Content-Length: 99999999999999999999999999999999999999999999", 413),
    Malformed(fields: "Content-Length: 5\r\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
    Malformed(fields: "Transfer-Encoding: chunked\r\nContent-Length: 5", body: "0\r\n\r\n"),
    Malformed(fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
    Malformed(fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
    Malformed(fields: "Transfer-Encoding: identity", 501),
    Malformed(fields: "Transfer-Encoding: gzip, chunked", 501),
    Malformed(fields: "Transfer-Encoding: chunked, chunked", 501),
    Malformed(fields: "Transfer-Encoding: xchunked", 501),
    Malformed(fields: "Transfer-Encoding: \u{B}chunked"),
    Malformed(fields: "Transfer-Encoding:", 501),
    Malformed("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
  ]

  static let chunks: [Malformed] = [
    ("x\r\n", 400), ("\r\n", 400), (" 1\r\na\r\n", 400), ("1 \r\na\r\n", 400), ("1 ;a\r\na\r\n", 400),
    ("0x1\r\na\r\n", 400), ("-1\r\na\r\n", 400), ("+1\r\na\r\n", 400), ("1\na\r\n", 400), ("1\r\na\n", 400),
    ("1\r\nab\r\n", 400), ("1\r\na0\r\n\r\n", 400), ("1\r\na\rb", 400), ("1;\u{0}\r\na\r\n", 400),
    ("1;a\rb\r\na\r\n", 400), ("1;\(String(repeating: "x", count: 300))\r\na\r\n", 400),
    ("0000000000000001\r\na\r\n", 400), ("ffffffffffffffff1\r\n", 400), ("fffffffffffffff\r\n", 413),
    ("200001\r\n", 413), ("1\r\na\r\n200000\r\n", 413), ("0\r\n\n", 400), ("0\r\nA\r\n\r\n", 400),
    ("0\r\nA: b\r\n c\r\n\r\n", 400), ("0\r\nA: b\nC: d\r\n\r\n", 400),
    ("0\r\nA: \(String(repeating: "x", count: 9000))\r\n\r\n", 400),
    ("０\r\n\r\n", 400),
  ].map { Malformed(fields: "Transfer-Encoding: chunked", body: $0.0, $0.1) }

  @Test("request lines", arguments: requestLines)
  func requestLine(_ row: Malformed) throws { try expectRejection(row) }

  @Test("targets", arguments: targets)
  func target(_ row: Malformed) throws { try expectRejection(row) }

  @Test("fields", arguments: fields)
  func field(_ row: Malformed) throws { try expectRejection(row) }

  @Test("contradictory and unknown framing", arguments: framings)
  func framing(_ row: Malformed) throws { try expectRejection(row) }

  @Test("chunks", arguments: chunks)
  func chunk(_ row: Malformed) throws { try expectRejection(row) }

  @Test("heads beyond the limit, complete or endless", arguments: ["\r\n\r\n", "", "\r\n"])
  func headLimit(_ end: String) throws {
    var limits = ServerLimits()
    limits.maximumHeadBytes = 1000
    let text = "GET / HTTP/1.1\r\nHost: h\r\nA: " + String(repeating: "a", count: 1000) + end
    try expectRejection(Malformed(text, 431), limits: limits)
    let line = "GET /" + String(repeating: "a", count: 1000)
    try expectRejection(Malformed(line, 431), limits: limits)
  }

  /// The same refusal must come whether the bytes arrive together or one by one, and before any request.
  private func expectRejection(_ row: Malformed, limits: ServerLimits = ServerLimits()) throws {
    let whole = #expect(throws: RequestRejection.self) { try ParserRun.whole(row.text, limits: limits) }
    let single = #expect(throws: RequestRejection.self) { try ParserRun.byteByByte(row.text, limits: limits) }
    #expect(whole?.status == row.status)
    #expect(single?.status == row.status)
  }
}
