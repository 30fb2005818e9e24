import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: the end", .timeLimit(.minutes(minutesOfAHang)))
struct CurlShutdownTests {
  @Test("Fails what is under way and what waits, and everything later")
  func shutdown() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 3))
    async let results = curlResults(
      of: (0..<10).map { _ in curlRequest("GET", server.url) }, by: transport)
    try await server.waitForRequests(3)
    transport.shutdown()
    let errors = await results.compactMap(\.transportError)
    #expect(errors.count == 10)
    #expect(errors.allSatisfy { $0.kind == .shutDown })
    #expect(errors.count { $0.mayHaveBeenSent } == 3)
    for number in 0..<3 { try await server.waitForDisconnect(ofConnection: number) }

    let later = try await curlFailure(of: curlRequest("GET", server.url), by: transport)
    #expect(later.kind == .shutDown)
    #expect(!later.mayHaveBeenSent)
    transport.shutdown()
    #expect(server.connectionCount == 3)
  }

  @Test("Closes idle connections")
  func idleConnections() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    _ = try await transport.send(curlRequest("GET", server.url))
    transport.shutdown()
    try await server.waitForDisconnect()
  }

  @Test("The last reference does it too")
  func lastReference() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    var transport: CurlTransport? = try CurlTransport()
    _ = try await transport?.send(curlRequest("GET", server.url))
    transport = nil
    try await server.waitForDisconnect()
  }

  @Test("Unused, many times over")
  func unused() throws {
    for _ in 0..<50 { try CurlTransport().shutdown() }
    for _ in 0..<50 { _ = try CurlTransport() }
  }

  @Test("In the midst of it all, by several at once")
  func underLoad() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    for _ in 0..<10 {
      let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4))
      let loaded = server.requests.count + 8
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            let request = curlRequest("GET", server.url)
            var result = await curlResults(of: [request], by: transport)[0]
            while result.isSuccess { result = await curlResults(of: [request], by: transport)[0] }
            #expect(result.transportError?.kind == .shutDown)
          }
        }
        for _ in 0..<3 {
          group.addTask {
            _ = try? await server.waitForRequests(loaded)
            transport.shutdown()
          }
        }
      }
    }
  }

  #if os(Linux)
  /// Has a task block the thread of a transport until the gate opens, and says whether that happened within the limit.
  /// Returns once it blocks.
  private func hold(_ transport: CurlTransport, by gate: Gate) async throws -> Task<Bool, Never> {
    let isHeld = try Gate()
    let task = Task(executorPreference: transport.executor) {
      isHeld.open()
      return gate.blockUntilOpen()
    }
    try await isHeld.waitUntilOpen()
    return task
  }

  @Test("Two transports may shut each other down from their executors")
  func eachOther() async throws {
    let (first, second) = (try CurlTransport(), try CurlTransport())
    let (firstGate, secondGate) = (try Gate(), try Gate())
    let isOver = try Gate()
    let tasks = [(first, firstGate, second, secondGate), (second, secondGate, first, firstGate)].map {
      own, ownGate, other, otherGate in
      Task(executorPreference: own.executor) {
        ownGate.open()
        otherGate.blockUntilOpen()
        other.shutdown()
      }
    }
    Task {
      for task in tasks { await task.value }
      isOver.open()
    }
    try await isOver.waitUntilOpen()
  }

  @Test("Neither shutting down nor dropping the last reference waits for a job that blocks the thread")
  func blockedThread() async throws {
    let gate = try Gate()
    // A test that fails must not leave the thread blocked.
    defer { gate.open() }
    var transport: CurlTransport? = try CurlTransport()
    let first = try await hold(try #require(transport), by: gate)
    transport = nil

    let other = try CurlTransport()
    let second = try await hold(other, by: gate)
    other.shutdown()
    gate.open()
    for task in [first, second] { #expect(await task.value) }
  }

  @Test("On the transport's own thread, where the last reference may be dropped")
  func onOwnThread() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let executor = InlineExecutor()
    let drop = Task(executorPreference: executor) {
      var transport: CurlTransport? = try CurlTransport()
      let status = try await transport?.send(curlRequest("GET", server.url)).status
      transport = nil
      return status
    }
    #expect(try await drop.value == 200)
    try await server.waitForDisconnect(ofConnection: 0)

    let shutdown = Task(executorPreference: executor) {
      let transport = try CurlTransport()
      _ = try await transport.send(curlRequest("GET", server.url))
      transport.shutdown()
      return await curlResults(of: [curlRequest("GET", server.url)], by: transport)[0].transportError?.kind
    }
    #expect(try await shutdown.value == .shutDown)
    try await server.waitForDisconnect(ofConnection: 1)
  }
  #endif
}
