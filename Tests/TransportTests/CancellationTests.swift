import PlystraCore
import TestSupport
import Testing

/// Cancelling a task ends its call as `CancellationError`, wherever the call stands.
@Suite struct CancellationTests {
  private static let question = AuthorizationRequest(action: "approve")

  @Test(arguments: TransportUnderTest.allCases)
  func beforeTheCall(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    try await transport.run(against: server.url) { plystra in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await plystra.authz.check(Self.question)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(server.connectionCount == 0)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func whileTheServerIsSilent(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await transport.run(against: server.url) { plystra in
      let task = Task { try await plystra.authz.check(Self.question) }
      try await server.waitForRequests(1)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      // The connection is given up with the call.
      try await server.waitForDisconnect()
    }
    #expect(server.requests.count == 1)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func inTheMiddleOfTheBody(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":")
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await transport.run(against: server.url) { plystra in
      let task = Task { try await plystra.authz.check(Self.question) }
      try await server.wait(for: "the head of the answer") {
        $0.connections.first.map { $0.sentByteCount > 40 } ?? false
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      try await server.waitForDisconnect()
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func inTheQueue(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await transport.run(TransportConfiguration(connectionsPerHost: 1)) { transport in
      let plystra = try PlystraClient(baseURL: server.url, apiKey: "ply_kernel_secret", transport: transport)
      let first = Task { try await plystra.authz.check(Self.question) }
      try await server.waitForRequests(1)
      let second = Task { try await plystra.authz.check(Self.question) }
      second.cancel()
      await #expect(throws: CancellationError.self) { try await second.value }
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
    }
    #expect(server.requests.count == 1)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func afterTheAnswer(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding(body: Array(#"{"data":{"status":"ok"}}"#.utf8))
    defer { server.stop() }
    try await transport.run(against: server.url) { plystra in
      let task = Task { try await plystra.system.health() }
      let first = try await task.value
      #expect(first.status == "ok")
      task.cancel()
      // The transport is as good as before.
      let second = try await plystra.system.health()
      #expect(second.status == "ok")
    }
  }
}
