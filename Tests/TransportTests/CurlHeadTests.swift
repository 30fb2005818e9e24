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

  @Test("Fields, continued ones, and the ends of heads and trailers are taken")
  func fields() {
    let lines = [
      "HTTP/1.1 103 Early Hints\r\n", "Link:\r\n", "\r\n",
      "HTTP/1.1 200 OK\n", "X: one\r\n", " two\r\n", "\tthree\r\n", "a:b:c\n", "\n",
      "X: trailer\r\n", " continued\r\n", "\r\n",
    ]
    #expect(refusals(of: lines) == [Bool](repeating: false, count: lines.count))
  }
}
