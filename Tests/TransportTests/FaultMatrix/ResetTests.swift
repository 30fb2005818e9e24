import PlystraCore
import TestSupport
import Testing

/// The connection dies before there is any answer.
@Suite("Fault matrix: resets", .timeLimit(.minutes(minutesOfAHang)))
struct ResetTests {
  /// How a server hangs up.
  enum Ending: CaseIterable, Sendable { case reset, close }

  @Test(
    "Row 8: reset before the response", arguments: TransportUnderTest.allCases,
    FaultCall.all.flatMap { call in Ending.allCases.map { (call, $0) } })
  func always(_ transport: TransportUnderTest, _ row: (call: FaultCall, ending: Ending)) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      if row.ending == .reset { connection.reset() }
    }
    defer { server.stop() }
    let error = try await transport.run(matrix: server.url) { try await $0.failure(of: row.call) }
    #expect(error.kind == .transport && error.attempts == row.call.attemptsIfReplayed)
    #expect(error.outcomeUnknown == !row.call.isReplayable)
    let cause = try #require(error.underlyingError as? TransportError)
    #expect(cause.kind == .reset && cause.mayHaveBeenSent)
    let ids = server.requests.map { $0.headers["X-Request-ID"] }
    #expect(ids.count == row.call.attemptsIfReplayed && Set(ids).count == 1)
  }

  @Test(
    "Row 8: reset once, then 200", arguments: TransportUnderTest.allCases, [FaultCall.version, .check])
  func once(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let answer = TransportResponse(status: 200, body: try call.answer)
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        if connection.number == 0 { return connection.reset() }
        try connection.send(answer)
      }
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await client.succeed(call)
      #expect(client.time.waits.count == 1)
    }
    let ids = server.requests.map { $0.headers["X-Request-ID"] }
    #expect(ids.count == 2 && Set(ids).count == 1)
  }

  @Test("Row 8: closed inside the header block", arguments: FaultCall.all)
  func insideTheHead(_ call: FaultCall) async throws {
    // URLSession on Linux ends the process.
    let error = try await TransportUnderTest.curl.failure(
      of: call, against: replying("HTTP/1.1 200 OK\r\nX-Request-ID: req_"))
    #expect((error.underlyingError as? TransportError)?.kind == .truncated)
    #expect(error.attempts == call.attemptsIfReplayed && error.outcomeUnknown == !call.isReplayable)
  }

  /// What a pooled connection does when it is used again.
  enum Death: CaseIterable, Sendable { case whileIdle, resetOnUse, closedOnUse }

  @Test(
    "Row 9: a pooled connection turns out dead", arguments: TransportUnderTest.allCases,
    FaultCall.all.flatMap { call in Death.allCases.map { (call, $0) } })
  func deadConnection(_ transport: TransportUnderTest, _ row: (call: FaultCall, death: Death)) async throws {
    let first = TransportResponse(status: 200, body: try FaultCall.version.answer)
    let second = TransportResponse(status: 200, body: try row.call.answer)
    // Its first connection answers once; all others answer whatever they are asked.
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send(connection.number == 0 ? first : second)
      if connection.number == 0 {
        if row.death == .whileIdle { return }
        _ = try connection.readRequest()
        if row.death == .resetOnUse { connection.reset() }
        return
      }
      while try connection.readRequest() != nil { try connection.send(second) }
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await client.succeed(.version)
      if row.death == .whileIdle {
        try await server.wait(for: "the server to hang up") { $0.connections.first?.isClosed == true }
      }
      try await client.succeed(row.call)
      #expect(client.attempts.last?.mayBeResent == row.call.isReplayable)
    }
    let arrivals = server.requests.dropFirst()
    #expect(Set(arrivals.map { $0.headers["X-Request-ID"] }).count == 1)
    #expect(arrivals.last?.connection != 0)
    if !row.call.isReplayable { #expect(arrivals.count == 1) }
  }
}
