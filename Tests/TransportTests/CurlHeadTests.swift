import PlystraCore
import Testing

@testable import PlystraCurlTransport

/// What libcurl checks itself only in some versions and builds.
@Suite("CurlTransport: header lines")
struct CurlHeadTests {
  private func refusals(of lines: [String]) -> [Bool] {
    var head = HeadCollector()
    return lines.map { line in
      Array(line.utf8).withUnsafeBufferPointer { head.take($0)?.kind == .protocolViolation }
    }
  }

  @Test(
    "A line without a colon is refused, in the head and behind the body", arguments: ["no colon\r\n", "x\n"])
  func noField(line: String) {
    let status = "HTTP/1.1 200 OK\r\n"
    #expect(refusals(of: [status, line]) == [false, true])
    #expect(refusals(of: [status, "X: 1\r\n", "\r\n", line]) == [false, false, false, true])
  }

  @Test(
    "A head that says two things about the length of the body is refused by its last field",
    arguments: [
      ["Content-Length: 1\r\n", "Content-Length: 2\r\n"], ["content-length: 1\n", "CONTENT-LENGTH:02\n"],
      ["Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"],
      ["Transfer-Encoding: identity\r\n", "X: 1\r\n", "Content-Length: 1\r\n"],
      ["Content-Length: 1a\r\n"], ["Content-Length: 1 1\r\n"], ["Content-Length: 1, 1\r\n"],
      ["Content-Length: -1\r\n"], ["Content-Length: +1\r\n"], ["Content-Length: 0x1\r\n"],
      ["Content-Length:\r\n"], ["Content-Length: \r\n"], ["Content-Length: \u{661}\r\n"],
      ["Content-Length: 9223372036854775808\r\n"], ["Content-Length: 1\r\n", " 2\r\n"],
      ["Transfer-Encoding: chunked\r\n", "\t, x\r\n"],
      ["X : 1\r\n"], ["X\t:\r\n"], ["Content-Length : 1\r\n"],
    ])
  func lengths(fields: [String]) {
    let isRefused = fields.indices.map { $0 == fields.indices.last }
    #expect(refusals(of: ["HTTP/1.1 200 OK\r\n"] + fields) == [false] + isRefused)
    #expect(refusals(of: ["HTTP/2 200 \r\n"] + fields) == [false] + isRefused)
  }

  @Test(
    "An interim response announces no body", arguments: ["Content-Length: 0\r\n", "transfer-encoding: x\r\n"])
  func interim(field: String) {
    #expect(refusals(of: ["HTTP/1.1 103 Early Hints\r\n", "X: 1\r\n", field]) == [false, false, true])
  }

  @Test("What one head says about its body is not held against the next")
  func nextHead() {
    var head = HeadCollector()
    for length in ["1", "2"] {
      for line in ["HTTP/1.1 200 OK\r\n", "Content-Length: \(length)\r\n", "\r\n"] {
        #expect(Array(line.utf8).withUnsafeBufferPointer { head.take($0) } == nil)
      }
      head.reset()
    }
  }

  @Test("Fields, continued ones, and the ends of heads and trailers are taken")
  func fields() {
    let lines = [
      "HTTP/1.1 103 Early Hints\r\n", "Link:\r\n", "\r\n",
      "HTTP/1.1 200 OK\n", "X: one\r\n", " two\r\n", "\tthree\r\n", "a:b:c\n",
      "Content-Length: 5\r\n", "content-length:\t005 \t\n", "Content_Length: x\r\n", "\n",
      "X: trailer\r\n", " continued\r\n", "\r\n",
    ]
    #expect(refusals(of: lines) == [Bool](repeating: false, count: lines.count))
  }
}
