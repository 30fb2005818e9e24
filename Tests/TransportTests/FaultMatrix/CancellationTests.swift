import PlystraCore
import TestSupport
import Testing

/// Cancelling a task ends its call as `CancellationError`, wherever the call stands, without another attempt.
@Suite("Fault matrix: cancellation", .timeLimit(.minutes(minutesOfAHang)))
struct CancellationTests {
  /// Cancels a call once it stands where it should.
  ///
  /// - Returns: how long it took to end, although it had minutes left.
  private func timeToCancel(
    _ call: FaultCall, _ client: MatrixClient, once isUnderWay: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Duration {
    let task = Task { try await call.run(client.plystra) }
    do { try await isUnderWay() } catch {
      task.cancel()
      throw error
    }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self, sourceLocation: sourceLocation) { try await task.value }
    return start.duration(to: .now)
  }

  /// Runs a scenario that measures how long a cancelled call takes to end, which is 50 ms at most.
  private func expectPrompt(
    sourceLocation: SourceLocation = #_sourceLocation, _ scenario: () async throws -> Duration
  ) async throws {
    let (taken, allowed) = try await shortestTime(within: .milliseconds(50), scenario)
    #expect(taken <= allowed, sourceLocation: sourceLocation)
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
    try await expectPrompt {
      let server = try silentServer()
      defer { server.stop() }
      var taken = Duration.zero
      try await transport.run(matrix: server.url, connectionsPerHost: 1) { client in
        _ = try await timeToCancel(.version, client) {
          try await server.waitForRequests(1)
          taken = try await timeToCancel(call, client) {
            while client.attempts.count < 2 { await Task.yield() }
          }
        }
        #expect(client.attempts.count == 2)
      }
      #expect(server.requests.count == 1)
      return taken
    }
  }

  @Test(
    "Row 48: cancelled while waiting for the answer", arguments: TransportUnderTest.allCases, FaultCall.all)
  func beforeTheAnswer(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    try await expectPrompt {
      let server = try silentServer()
      defer { server.stop() }
      let taken = try await transport.run(matrix: server.url) { client in
        let taken = try await timeToCancel(call, client) { try await server.waitForRequests(1) }
        try await server.waitForDisconnect()
        #expect(client.attempts.count == 1)
        return taken
      }
      #expect(server.requests.count == 1)
      return taken
    }
  }

  @Test("Row 48: cancelled mid-body", arguments: TransportUnderTest.allCases, FaultCall.all)
  func midBody(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    try await expectPrompt {
      let server = try RawServer.script { connection in
        _ = try connection.readRequest()
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8 + body.dropLast())
        try connection.holdUntilClosed()
      }
      defer { server.stop() }
      let taken = try await transport.run(matrix: server.url) { client in
        let taken = try await timeToCancel(call, client) {
          try await server.wait(for: "the answer") { $0.connections.first?.sentByteCount ?? 0 > body.count }
        }
        try await server.waitForDisconnect()
        #expect(client.attempts.count == 1)
        return taken
      }
      #expect(server.requests.count == 1)
      return taken
    }
  }

  @Test("Row 48: cancelled in the backoff", arguments: TransportUnderTest.allCases, FaultCall.all)
  func inTheBackoff(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let port = try LoopbackPort()
    try await expectPrompt {
      let waiting = try Gate()
      let time = SkippedTime { _ in
        waiting.open()
        try await Task.sleep(for: .seconds(600))
      }
      return try await transport.run(matrix: port.url, time: time) { client in
        let taken = try await timeToCancel(call, client) { try await waiting.waitUntilOpen() }
        #expect(client.attempts.count == 1)
        return taken
      }
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
