import PlystraCore
import TestSupport
import Testing

/// Heads from which no two clients read the same body. What they come with is a whole allow.
@Suite("Fault matrix: lengths that contradict each other", .timeLimit(.minutes(minutesOfAHang)))
struct CurlAmbiguousLengthTests {
  private func expectRefused(
    _ way: Way, by fields: [String], interim: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let body = try FaultCall.check.answer
    let fields = fields.map { $0.replacing("LENGTH", with: "\(body.count)") }
    // In chunks where the head says so: then the body is whole by both lengths.
    let isChunked = way != .http2 && fields.contains { $0.lowercased().contains("chunked") }
    let bytes = isChunked ? "\(String(body.count, radix: 16))\r\n".utf8 + body + "\r\n0\r\n\r\n".utf8 : body
    let (error, cause) = try await way.failure(
      of: .check, fields: fields, interim: interim, body: bytes, sourceLocation: sourceLocation)
    #expect(cause.kind == .protocolViolation, "\(cause)", sourceLocation: sourceLocation)
    #expect(cause.mayHaveBeenSent && error.attempts == 1, sourceLocation: sourceLocation)
  }

  @Test(
    "Row 61: two Content-Length that differ, one beside Transfer-Encoding, one that is no number",
    arguments: Way.available,
    [
      ["Content-Length: LENGTH", "Content-Length: 7"],
      ["Content-Length: 7", "X: 1", "Content-Length: LENGTH"],
      ["Content-Length: LENGTH", "Transfer-Encoding: chunked"],
      ["transfer-encoding: chunked", "content-length: LENGTH"],
      ["Content-Length: LENGTHabc"], ["Content-Length: LENGTH, LENGTH"], ["Content-Length: 7 LENGTH"],
      ["Content-Length: +LENGTH"], ["Content-Length: -1"], ["Content-Length:"],
      ["Content-Length: 9223372036854775808"],
    ])
  func lengths(_ way: Way, _ fields: [String]) async throws { try await expectRefused(way, by: fields) }

  @Test(
    "Row 61: white space before a colon, and a length that goes on in a second line",
    arguments: Way.available.filter { $0 != .http2 },
    [
      ["Content-Length : LENGTH"], ["X-Other\t: 1", "Content-Length: LENGTH"],
      ["Content-Length: LENGTH", " 0"], ["Transfer-Encoding: chunked", "\tx"],
    ])
  func spaces(_ way: Way, _ fields: [String]) async throws { try await expectRefused(way, by: fields) }

  @Test(
    "Row 61: an interim response that announces a body", arguments: Way.available.filter { $0 != .http2 },
    ["Content-Length: LENGTH", "Content-Length: 0", "Transfer-Encoding: chunked"])
  func interim(_ way: Way, _ field: String) async throws {
    try await expectRefused(way, by: [field], interim: 103)
  }

  @Test("Row 61: a length of 2^63 - 1 is never reached", arguments: Way.available)
  func vastLength(_ way: Way) async throws {
    let (error, cause) = try await way.failure(
      of: .check, fields: ["Content-Length: 9223372036854775807"], body: try FaultCall.check.answer)
    #expect([.truncated, .protocolViolation].contains(cause.kind), "\(cause)")
    #expect(cause.mayHaveBeenSent)
    #expect(error.attempts == (cause.kind == .truncated ? FaultCall.check.attemptsIfReplayed : 1))
  }

  @Test(
    "Two equal lengths are one, and white space around a length is none of it",
    arguments: [
      "Content-Length: 2\r\nX: 1\r\nContent-Length: 2", "Content-Length:2", "Content-Length: \t2 \t",
      "Content-Length: 002",
    ])
  func accepted(fields: String) async throws {
    let response = try await curlAnswer(from: replying("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\nok"))
    #expect(response.body == Array("ok".utf8))
  }
}
