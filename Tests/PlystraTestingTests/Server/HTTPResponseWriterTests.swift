import PlystraCore
import Testing

@testable import PlystraTesting

@Suite("HTTP response writer")
struct HTTPResponseWriterTests {
  private func text(_ response: TransportResponse, _ form: HTTPResponseWriter.Form = .init()) throws -> String
  {
    var writer = HTTPResponseWriter()
    var output: [UInt8] = []
    writer.append(response, form: form, to: &output)
    let text = String(decoding: output, as: UTF8.self)
    // The date is tested on its own; here it only must be there once.
    let parts = text.split(separator: try Regex("Date: [^\r]*\r\n"), omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    return parts.joined()
  }

  @Test("frames the body and keeps the handler's fields, but not those that are its own business")
  func framing() throws {
    let response = TransportResponse(
      status: 200,
      headers: [
        "X-A": "b", "content-length": "99", "Transfer-Encoding": "chunked", "CONNECTION": "close",
        "Keep-Alive": "x", "Date": "never", "x-a": "c",
      ],
      body: Array("hello".utf8))
    #expect(try text(response) == "HTTP/1.1 200 OK\r\nX-A: b\r\nx-a: c\r\nContent-Length: 5\r\n\r\nhello")
  }

  @Test("an empty body has a length, a 204 has none, a HEAD and a 304 keep the length and lose the body")
  func bodiless() throws {
    let body = Array("hello".utf8)
    #expect(try text(TransportResponse(status: 503)).hasSuffix("Unavailable\r\nContent-Length: 0\r\n\r\n"))
    #expect(try text(TransportResponse(status: 204, body: body)) == "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(
      try text(TransportResponse(status: 304, body: body)) == "HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n")
    let head = try text(TransportResponse(status: 200, body: body), .init(isHead: true))
    #expect(head == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
  }

  @Test("says when the connection closes, and to HTTP/1.0 when it does not")
  func connection() throws {
    let response = TransportResponse(status: 200)
    #expect(!(try text(response).contains("Connection")))
    #expect(try text(response, .init(closes: true)).contains("\r\nConnection: close\r\n"))
    #expect(try text(response, .init(isVersion10: true)).contains("\r\nConnection: keep-alive\r\n"))
    #expect(try text(response, .init(isVersion10: true, closes: true)).contains("\r\nConnection: close\r\n"))
  }

  @Test(
    "an answer that would break the head apart becomes a 500",
    arguments: [
      TransportResponse(status: 200, headers: ["A": "b\r\nC: d"]),
      TransportResponse(status: 200, headers: ["A": "b\nC"]),
      TransportResponse(status: 200, headers: ["A": "b\u{0}"]),
      TransportResponse(status: 200, headers: ["A B": "c"]),
      TransportResponse(status: 200, headers: ["": "c"]),
      TransportResponse(status: 101),
      TransportResponse(status: 99),
      TransportResponse(status: 600),
    ])
  func invalid(_ response: TransportResponse) throws {
    let text = try text(response)
    #expect(text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
    #expect(!text.contains("\nC"))
  }

  @Test("writes dates as HTTP wants them")
  func date() {
    #expect(ServerDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(ServerDate.format(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
    var date = ServerDate()
    #expect(date.now().count == 29)
  }
}
