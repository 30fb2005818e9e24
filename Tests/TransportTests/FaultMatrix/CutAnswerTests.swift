import PlystraCore
import TestSupport
import Testing

/// The answer ends before it is complete. Whatever has come of it is a whole allow, or all but its last byte.
@Suite("Fault matrix: cut answers", .timeLimit(.minutes(minutesOfAHang)))
struct CutAnswerTests {
  @Test(
    "Row 10: Content-Length beyond the body", arguments: TransportUnderTest.allCases, FaultCall.all)
  func contentLength(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    try await expectTruncated(transport, call) { connection in
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count + 1)\r\n\r\n")
      try connection.send(body)
    }
    try await expectTruncated(transport, call) { connection in
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n")
      try connection.send(body.prefix(40))
    }
  }

  @Test(
    "Row 12: chunked body cut before the last chunk", arguments: TransportUnderTest.allCases, FaultCall.all)
  func chunks(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    try await expectTruncated(transport, call) { connection in
      try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      try connection.send("\(String(body.count, radix: 16))\r\n".utf8 + body + "\r\n".utf8)
    }
  }

  private func expectTruncated(
    _ transport: TransportUnderTest, _ call: FaultCall, _ answer: @escaping RawServer.Script
  ) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try answer(connection)
    }
    defer { server.stop() }
    let error = try await transport.run(matrix: server.url) { try await $0.failure(of: call) }
    #expect(error.kind == .transport && error.attempts == call.attemptsIfReplayed)
    #expect(error.outcomeUnknown == !call.isReplayable)
    #expect((error.underlyingError as? TransportError)?.kind == .truncated)
    #expect(server.requests.count == call.attemptsIfReplayed)
  }

  @Test(
    "Row 11: no Content-Length, half a JSON text, close", arguments: TransportUnderTest.allCases,
    FaultCall.all)
  func midText(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nX-Request-ID: req_\(connection.number)\r\n\r\n")
      try connection.send(body.dropLast(connection.number == 0 ? body.count / 2 : 1))
    }
    defer { server.stop() }
    let error = try await transport.run(matrix: server.url) { try await $0.failure(of: call) }
    let attempts = call.isReplayable ? 2 : 1
    #expect(error.kind == .decoding && error.attempts == attempts)
    #expect(error.status == 200 && error.requestID == "req_\(attempts - 1)")
    #expect(server.requests.count == attempts)
  }
}
