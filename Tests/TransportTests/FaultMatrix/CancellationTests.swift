import PlystraCore
import TestSupport
import Testing

/// Cancelling a task ends its call as `CancellationError`, wherever the call stands, without another attempt.
@Suite("Fault matrix: cancellation", .timeLimit(.minutes(5)))
struct CancellationTests {
  /// Cancels a call once it stands where it should; it ends at once, although it has minutes left.
  private func expectCancelled(
    _ call: FaultCall, _ client: MatrixClient, once isUnderWay: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let task = Task { try await call.run(client.plystra) }
    do { try await isUnderWay() } catch {
      task.cancel()
      throw error
    }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self, sourceLocation: sourceLocation) { try await task.value }
    #expect(start.duration(to: .now) < .patience / 2, sourceLocation: sourceLocation)
  }

  @Test("Row 48: cancelled before sending", arguments: TransportUnderTest.allCases, FaultCall.all)
  func beforeSending(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try RawServer.responding(body: try call.answer)
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await call.run(client.plystra)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(client.attempts.isEmpty)
    }
    #expect(server.connectionCount == 0)
  }

  @Test("Row 48: cancelled in the queue", arguments: TransportUnderTest.allCases, FaultCall.all)
  func inTheQueue(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try silentServer()
    defer { server.stop() }
    try await transport.run(matrix: server.url, connectionsPerHost: 1) { client in
      try await expectCancelled(.version, client) {
        try await server.waitForRequests(1)
        try await expectCancelled(call, client) {
          while client.attempts.count < 2 { await Task.yield() }
        }
      }
      #expect(client.attempts.count == 2)
    }
    #expect(server.requests.count == 1)
  }

  @Test(
    "Row 48: cancelled while waiting for the answer", arguments: TransportUnderTest.allCases, FaultCall.all)
  func beforeTheAnswer(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try silentServer()
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await expectCancelled(call, client) { try await server.waitForRequests(1) }
      try await server.waitForDisconnect()
      #expect(client.attempts.count == 1)
    }
    #expect(server.requests.count == 1)
  }

  @Test("Row 48: cancelled mid-body", arguments: TransportUnderTest.allCases, FaultCall.all)
  func midBody(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8 + body.dropLast())
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await expectCancelled(call, client) {
        try await server.wait(for: "the answer") { $0.connections.first?.sentByteCount ?? 0 > body.count }
      }
      try await server.waitForDisconnect()
      #expect(client.attempts.count == 1)
    }
    #expect(server.requests.count == 1)
  }

  @Test("Row 48: cancelled in the backoff", arguments: TransportUnderTest.allCases, FaultCall.all)
  func inTheBackoff(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let port = try LoopbackPort()
    let waiting = try Gate()
    let time = SkippedTime { _ in
      waiting.open()
      try await Task.sleep(for: .seconds(600))
    }
    try await transport.run(matrix: port.url, time: time) { client in
      try await expectCancelled(call, client) { try await waiting.waitUntilOpen() }
      #expect(client.attempts.count == 1)
    }
  }

  @Test("Row 48: cancelled behind the answer", arguments: TransportUnderTest.allCases)
  func behindTheAnswer(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding(body: try FaultCall.version.answer)
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let task = Task { try await client.succeed(.version) }
      try await task.value
      task.cancel()
      // The transport is as good as before.
      try await client.succeed(.version)
    }
  }

  /// A server that reads and never answers.
  private func silentServer() throws -> RawServer {
    try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
  }
}
