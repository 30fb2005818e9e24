import PlystraCore
import TestSupport
import Testing

/// Answers before the answer, and answers of other times.
@Suite("Fault matrix: interim answers and old versions", .timeLimit(.minutes(minutesOfAHang)))
struct InterimAnswerTests {
  /// A server that sends these heads before a right answer to each request, and hangs up.
  private func server(for call: FaultCall, _ head: String) throws -> RawServer {
    let body = try call.answer
    return try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send(head.replacing("LENGTH", with: "\(body.count)"))
      try connection.send(body)
    }
  }

  @Test(
    "Row 42: 100, 103, then 200; HTTP/1.0", arguments: TransportUnderTest.allCases,
    [
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nX-Request-ID: req_early\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: LENGTH\r\n\r\n",
    ])
  func accepted(_ transport: TransportUnderTest, _ head: String) async throws {
    for call in FaultCall.all {
      let server = try server(for: call, head)
      defer { server.stop() }
      try await transport.run(matrix: server.url) { try await $0.succeed(call) }
      #expect(server.requests.count == 1)
    }
  }

  @Test("Row 42: fields of an interim answer are not the answer's", arguments: TransportUnderTest.allCases)
  func interimFields(_ transport: TransportUnderTest) async throws {
    let error = try await transport.failure(of: .check) { connection in
      _ = try connection.readRequest()
      try connection.send(
        "HTTP/1.1 103 Early Hints\r\nX-Plystra-Error-Code: EARLY\r\nX-Plystra-Trace-ID: trc_early\r\n\r\n"
          + "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}")
    }
    #expect(error.status == 403 && error.code == .httpError && error.traceID == nil)
  }

  @Test("Row 42: 101", arguments: TransportUnderTest.allCases, FaultCall.all)
  func switchingProtocols(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try server(
      for: call,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\n\r\n")
    defer { server.stop() }
    let error = try await transport.run(matrix: server.url) { try await $0.failure(of: call) }
    #expect(error.kind == .transport && error.attempts == 1)
    #expect(error.outcomeUnknown == !call.isReplayable)
    #expect((error.underlyingError as? TransportError)?.kind == .protocolViolation)
  }

  @Test("Row 43: valid envelope with Content-Type: text/html", arguments: TransportUnderTest.allCases)
  func contentType(_ transport: TransportUnderTest) async throws {
    for call in FaultCall.all {
      let server = try RawServer.responding(
        headers: ["Content-Type": "text/html; charset=iso-8859-1"], body: try call.answer)
      defer { server.stop() }
      try await transport.run(matrix: server.url) { try await $0.succeed(call) }
    }
  }
}
