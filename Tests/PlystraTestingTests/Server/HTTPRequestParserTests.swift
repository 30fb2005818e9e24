import PlystraCore
import Testing

@testable import PlystraTesting

@Suite("HTTP request parser: what it accepts")
struct HTTPRequestParserTests {
  @Test("reads method, URL and headers, and keeps what concerns only the connection to itself")
  func simple() throws {
    let events = try ParserRun.whole(
      "POST /api/v1/authz/check?x=%2F&y=a|b HTTP/1.1\r\nHost: localhost:8080\r\nX-A:1\r\n"
        + "x-a: \t two words \t\r\nConnection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\nEmpty:\r\n"
        + "Content-Length: 2\r\n\r\n{}")
    let request = try #require(events.first?.request)
    #expect(events.count == 1)
    #expect(request.method == "POST")
    #expect(request.url == "http://localhost:8080/api/v1/authz/check?x=%2F&y=a|b")
    #expect(request.headers == ["X-A": "1", "x-a": "two words", "Empty": ""])
    #expect(request.body == Array("{}".utf8))
  }

  struct Framing: CustomTestStringConvertible {
    let name: String
    let headers: String
    let bytes: String
    let body: String?
    var testDescription: String { name }
  }

  static let framings = [
    Framing(name: "no body", headers: "", bytes: "", body: nil),
    Framing(name: "length 0", headers: "Content-Length: 0\r\n", bytes: "", body: ""),
    Framing(name: "length", headers: "content-LENGTH: 0005\r\n", bytes: "a\r\n\r\n", body: "a\r\n\r\n"),
    Framing(name: "no chunks", headers: "Transfer-Encoding: chunked\r\n", bytes: "0\r\n\r\n", body: ""),
    Framing(
      name: "chunks", headers: "transfer-encoding: Chunked\r\n",
      bytes: "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", body: "abc0123456789"),
    Framing(
      name: "trailer", headers: "Transfer-Encoding: chunked\r\n",
      bytes: "1;\r\n\n\r\n0;last\r\nX-A: b\r\nContent-Length: 7\r\n\r\n", body: "\n"),
  ]

  @Test("finds the end of a body however the bytes are cut", arguments: framings)
  func framing(_ framing: Framing) throws {
    let text = "PUT / HTTP/1.1\r\nHost: h\r\n\(framing.headers)\r\n\(framing.bytes)"
    // The same twice in a row: the second is read right only if the first was read to its very end.
    for events in [try ParserRun.whole(text + text), try ParserRun.byteByByte(text + text)] {
      #expect(
        events.map { $0.request?.body } == [framing.body, framing.body].map { $0.map { Array($0.utf8) } })
    }
  }

  @Test("gives the same requests wherever the bytes are cut in two")
  func cuts() throws {
    let text =
      "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      + "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n"
    for cut in 0...text.utf8.count {
      let events = try ParserRun.pieces([Array(text.utf8.prefix(cut)), Array(text.utf8.dropFirst(cut))])
      #expect(events.map { $0.request?.url } == ["http://h/a", "http://h/b"])
      #expect(events.map { $0.request?.body } == [Array("abc".utf8), Array("de".utf8)])
    }
  }

  struct Target: CustomTestStringConvertible {
    let target: String
    let url: String
    var testDescription: String { target }
  }

  @Test(
    "makes an absolute URL of every form of target",
    arguments: [
      Target(target: "/", url: "http://h:1/"),
      Target(target: "/a/../b?c=d?e", url: "http://h:1/a/../b?c=d?e"),
      Target(target: "//a", url: "http://h:1//a"),
      Target(target: "http://other/a", url: "http://other/a"),
      Target(target: "HTTPS://[::1]:8443?q", url: "https://[::1]:8443/?q"),
      Target(target: "http://other:80", url: "http://other:80/"),
    ])
  func targets(_ target: Target) throws {
    let events = try ParserRun.whole("GET \(target.target) HTTP/1.1\r\nHost: h:1\r\n\r\n")
    #expect(events.first?.request?.url == target.url)
  }

  struct KeepAlive: CustomTestStringConvertible {
    let version: String
    let connection: String?
    let keepsAlive: Bool
    var testDescription: String { "\(version) \(connection ?? "-")" }
  }

  @Test(
    "tells whether the connection stays open",
    arguments: [
      KeepAlive(version: "1.1", connection: nil, keepsAlive: true),
      KeepAlive(version: "1.1", connection: "Close", keepsAlive: false),
      KeepAlive(version: "1.1", connection: "x, ,\tclose", keepsAlive: false),
      KeepAlive(version: "1.1", connection: "closed", keepsAlive: true),
      KeepAlive(version: "1.0", connection: nil, keepsAlive: false),
      KeepAlive(version: "1.0", connection: "Keep-Alive", keepsAlive: true),
      KeepAlive(version: "1.0", connection: "keep-alive, close", keepsAlive: false),
    ])
  func keepAlive(_ row: KeepAlive) throws {
    let field = row.connection.map { "Connection: \($0)\r\n" } ?? ""
    let events = try ParserRun.whole("GET / HTTP/\(row.version)\r\nHost: h\r\n\(field)\r\n")
    #expect(events.first?.parsed?.keepsAlive == row.keepsAlive)
    #expect(events.first?.parsed?.isVersion10 == (row.version == "1.0"))
  }

  @Test("an HTTP/1.0 client may leave out the host")
  func hostless() throws {
    let events = try ParserRun.whole("GET /a HTTP/1.0\r\n\r\n")
    #expect(events.first?.request?.url == "http://127.0.0.1:9/a")
  }

  @Test("asks once for the body that a client holds back, and not when it is there or the version is 1.0")
  func continueExpected() throws {
    let head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"
    #expect(try ParserRun.pieces([Array(head.utf8)]).map(\.isContinue) == [true])
    #expect(try ParserRun.pieces([Array(head.utf8), [1], [2, 3]]).map(\.isContinue) == [true, false])
    #expect(try ParserRun.whole(head + "abc").map(\.isContinue) == [false])
    let old = head.replacing("1.1", with: "1.0")
    #expect(try ParserRun.pieces([Array(old.utf8), [1, 2, 3]]).map(\.isContinue) == [false])
    let empty = head.replacing("Length: 3", with: "Length: 0")
    #expect(try ParserRun.whole(empty).map(\.isContinue) == [false])
  }

  @Test("reads field values that are not UTF-8 as ISO 8859-1")
  func fieldText() throws {
    let head = Array("GET / HTTP/1.1\r\nHost: h\r\nA: é\r\nB: ".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
    let events = try ParserRun.pieces([head])
    #expect(events.first?.request?.headers == ["A": "é", "B": "é"])
  }

  @Test("knows whether a request has begun")
  func betweenRequests() throws {
    var parser = HTTPRequestParser(limits: ServerLimits(), ownAuthority: "h")
    #expect(parser.isBetweenRequests)
    parser.append("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
    #expect(!parser.isBetweenRequests)
    _ = try parser.next()
    #expect(parser.isBetweenRequests)
    parser.append("G".utf8)
    _ = try parser.next()
    #expect(!parser.isBetweenRequests)
  }

  @Test("accepts heads and bodies of exactly the limit")
  func limits() throws {
    var limits = ServerLimits()
    limits.maximumHeadBytes = 100
    limits.maximumBodyBytes = 8
    let start = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\nA: "
    let text = start + String(repeating: "a", count: 100 - start.utf8.count - 4) + "\r\n\r\n12345678"
    #expect(try ParserRun.byteByByte(text + text, limits: limits).count == 2)
    let chunked =
      "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n"
    #expect(try ParserRun.byteByByte(chunked + chunked, limits: limits).count == 2)
  }
}

/// Feeds bytes to a parser and collects what it says.
enum ParserRun {
  static func whole(_ text: String, limits: ServerLimits = ServerLimits()) throws -> [HTTPRequestParser.Event]
  {
    try pieces([Array(text.utf8)], limits: limits)
  }

  static func byteByByte(
    _ text: String, limits: ServerLimits = ServerLimits()
  ) throws -> [HTTPRequestParser.Event] {
    try pieces(text.utf8.map { [$0] }, limits: limits)
  }

  static func pieces(
    _ pieces: [[UInt8]], limits: ServerLimits = ServerLimits()
  ) throws -> [HTTPRequestParser.Event] {
    var parser = HTTPRequestParser(limits: limits, ownAuthority: "127.0.0.1:9")
    var events: [HTTPRequestParser.Event] = []
    for piece in pieces {
      parser.append(piece)
      var isWaiting = false
      while !isWaiting {
        let event = try parser.next()
        if case .needsMoreBytes = event { isWaiting = true } else { events.append(event) }
      }
    }
    return events
  }
}

extension HTTPRequestParser.Event {
  var parsed: HTTPRequestParser.Parsed? {
    if case .request(let parsed) = self { parsed } else { nil }
  }
  var request: TransportRequest? { parsed?.request }
  var isContinue: Bool {
    if case .continueExpected = self { true } else { false }
  }
}
