import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

/// Cancellation, shutdown, the queue, and requests that must not arrive twice.
///
/// Servers' requests are counted, not their connections: one that a cancelled request of another test was
/// about to make may end up at a port that has changed hands.
@Suite(.timeLimit(.minutes(minutesOfAHang)))
struct URLSessionLifecycleTests {
  /// A server that never answers.
  private static func silentServer() throws -> RawServer {
    try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
  }

  /// Lets other tasks run for so long, so that what comes next comes at some moment of theirs.
  ///
  /// Counted in time and not in turns, which are long among many other tests; an exchange takes half a millisecond.
  private static func letOthersRun(for time: Duration) async {
    let end = ContinuousClock.now + time
    repeat { await Task.yield() } while .now < end
  }

  // MARK: Cancellation

  @Test func cancelledBeforeItBegins() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    let call = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await transport.send(server.request())
    }
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(server.requests.isEmpty)
  }

  @Test func cancelledInTheQueue() async throws {
    let server = try Self.silentServer()
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: 1)
    let first = Task { try await transport.send(server.request()) }
    try await server.waitForRequests(1)
    let begun = try Gate()
    let second = Task {
      begun.open()
      return try await transport.send(server.request())
    }
    try await begun.waitUntilOpen()
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    try await server.waitForDisconnect()
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [true, false]) func cancelledInFlight(mayBeResent: Bool) async throws {
    let server = try Self.silentServer()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    let call = Task { try await transport.send(server.request("POST", body: [1], mayBeResent: mayBeResent)) }
    try await server.waitForRequests(1)
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    try await server.waitForDisconnect()
    #expect(server.requests.count == 1)
  }

  @Test func cancelledInTheBody() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{")
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    let call = Task { try await transport.send(server.request()) }
    try await server.wait(for: "an answer") { $0.connections.first?.sentByteCount ?? 0 > 0 }
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    try await server.waitForDisconnect()
  }

  @Test(arguments: [200, 302, 401]) func cancelledAtAnyMoment(status: Int) async throws {
    let server = try RawServer.responding(
      status: status, headers: ["Location": "/", "WWW-Authenticate": "Basic realm=\"p\""], body: [1, 2, 3])
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: 4)
    for round in 0..<100 {
      let call = Task {
        try await transport.send(server.request("POST", body: [1], mayBeResent: round % 4 != 0))
      }
      await Self.letOthersRun(for: .microseconds(round * 10))
      call.cancel()
      switch await call.result {
      case .success(let response): #expect(response.status == status)
      case .failure(let error): #expect(error is CancellationError, "\(error)")
      }
    }
    #expect(try await transport.send(server.request()).status == status)
  }

  // MARK: Shutdown

  @Test func shutDown() async throws {
    let server = try Self.silentServer()
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: 1)
    async let inFlight = failure(of: server.request("POST", body: [1]), on: transport)
    try await server.waitForRequests(1)
    let begun = try Gate()
    async let waiting = {
      begun.open()
      return try await failure(of: server.request("POST", body: [2]), on: transport)
    }()
    try await begun.waitUntilOpen()
    transport.shutdown()
    transport.shutdown()
    let errors = try await (inFlight, waiting)
    #expect(errors.0.kind == .shutDown)
    #expect(errors.0.mayHaveBeenSent)
    #expect(errors.1.kind == .shutDown)
    #expect(!errors.1.mayHaveBeenSent)
    for mayBeResent in [true, false] {
      let later = try await failure(of: server.request(mayBeResent: mayBeResent), on: transport)
      #expect(later.kind == .shutDown)
      #expect(!later.mayHaveBeenSent)
    }
    try await server.waitForDisconnect()
    #expect(server.requests.count == 1)
  }

  @Test func shutDownWhileManyAreBeingSent() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    for round in 0..<20 {
      let transport = try makeURLSessionTransport(connectionsPerHost: 4)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<16 {
          group.addTask {
            do {
              _ = try await transport.send(server.request("POST", body: [1], mayBeResent: number % 2 == 0))
            } catch {
              #expect((error as? TransportError)?.kind == .shutDown, "\(error)")
            }
          }
        }
        group.addTask {
          await Self.letOthersRun(for: .microseconds(round * 50))
          transport.shutdown()
        }
      }
    }
  }

  @Test(arguments: [true, false]) func closesIdleConnections(byShutdown: Bool) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    var transport: URLSessionTransport? = try makeURLSessionTransport()
    _ = try await transport?.send(server.request())
    if byShutdown { transport?.shutdown() } else { transport = nil }
    try await server.waitForDisconnect()
    _ = transport
  }

  // MARK: The queue

  @Test func manyAtOnceWaitForTheirTurn() async throws {
    let limit = 8
    let counts = Locked((now: 0, most: 0))
    let allIn = try Gate()
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        let now = counts.withLock { counts in
          counts.now += 1
          counts.most = max(counts.most, counts.now)
          return counts.now
        }
        if now == limit { allIn.open() }
        try connection.wait(for: allIn)
        counts.withLock { $0.now -= 1 }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: limit)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<200 {
        group.addTask { try await transport.send(server.request("POST", body: [1])).status }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(counts.withLock { $0.most } == limit)
    #expect(server.requests.count == 200)
  }

  @Test func waitingCountsAgainstTheTimeout() async throws {
    let server = try Self.silentServer()
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: 1)
    let first = Task { try await transport.send(server.request()) }
    try await server.waitForRequests(1)
    let error = try await failure(of: server.request(timeout: .milliseconds(200)), on: transport)
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
    first.cancel()
    _ = await first.result
    #expect(server.requests.count == 1)
  }

  @Test func oneHostDoesNotWaitForAnother() async throws {
    let silent = try Self.silentServer()
    defer { silent.stop() }
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport(connectionsPerHost: 1)
    let first = Task { try await transport.send(silent.request()) }
    try await silent.waitForRequests(1)
    #expect(try await transport.send(server.request()).status == 200)
    first.cancel()
    _ = await first.result
  }

  // MARK: What must not arrive twice

  @Test(
    arguments: [("GET", nil), ("DELETE", nil), ("POST", nil), ("POST", [1, 2, 3])] as [(String, [UInt8]?)])
  func arrivesOnceOnANewConnection(method: String, body: [UInt8]?) async throws {
    // Answers the first request of a connection, and hangs up when it has read the second.
    let server = try RawServer.script { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send(TransportResponse(status: 200))
      _ = try connection.readRequest()
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    _ = try await transport.send(server.request(mayBeResent: true))
    let response = try await transport.send(
      server.request(method, "/once", body: body, mayBeResent: false))
    #expect(response.status == 200)
    let arrivals = server.requests.filter { $0.target == "/once" }
    #expect(arrivals.count == 1)
    #expect(arrivals.first?.connection != server.requests.first?.connection)
  }

  @Test(
    arguments: [("GET", nil), ("DELETE", nil), ("POST", nil), ("POST", [1, 2, 3])] as [(String, [UInt8]?)])
  func arrivesOnceIfTheServerHangsUp(method: String, body: [UInt8]?) async throws {
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest(), request.target != "/once" {
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    _ = try await transport.send(server.request(mayBeResent: true))
    let error = try await failure(
      of: server.request(method, "/once", body: body, mayBeResent: false), on: transport)
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
    // Were there a second arrival, it would be on the wire before this one's answer.
    _ = try await transport.send(server.request(mayBeResent: true))
    #expect(server.requests.filter { $0.target == "/once" }.count == 1)
  }

  @Test func aBodyIsNotReplayedOnADeadConnection() async throws {
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest(), request.method != "POST" {
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    _ = try await transport.send(server.request())
    let error = try await failure(of: server.request("POST", body: [1, 2, 3]), on: transport)
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
    #expect(server.requests.filter { $0.method == "POST" }.count == 1)
    #expect(try await transport.send(server.request()).status == 200)
  }
}
