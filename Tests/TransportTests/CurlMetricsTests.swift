import Foundation
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: where the time of a request went", .timeLimit(.minutes(minutesOfAHang)))
struct CurlMetricsTests {
  private func request(_ url: String, timeout: Duration = .patience) -> TransportRequest {
    var request = curlRequest("GET", url, timeout: timeout)
    request.collectsMetrics = true
    return request
  }

  @Test(
    "The first request of a connection connects, the next one reuses it, and metrics come on request only")
  func reuse() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let first = try #require(try await transport.send(request(server.url)).metrics)
    #expect(first.reusedConnection == false)
    #expect(first.queueing != nil && first.resolving != nil && first.securing == .zero)
    #expect(try #require(first.connecting) > .zero && #require(first.waiting) > .zero)
    let next = try #require(try await transport.send(request(server.url)).metrics)
    #expect(next.reusedConnection == true)
    #expect(next.resolving == .zero && next.connecting == .zero && next.securing == .zero)
    #expect(try #require(next.waiting) > .zero)
    #expect(try await transport.send(curlRequest("GET", server.url)).metrics == nil)
  }

  @Test("A timeout says what it waited for: a connection of the host, or the response")
  func timeouts() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: TransportConfiguration(connectionsPerHost: 1))
    defer { transport.shutdown() }
    let sent = try await curlFailure(of: request(server.url, timeout: .milliseconds(500)), by: transport)
    #expect(sent.metrics?.reusedConnection == false)
    #expect(sent.metrics?.waiting.map { $0 > .zero } == true)
    let running = Task { try await transport.send(request(server.url)) }
    try await server.waitForRequests(2)
    let waiting = try await curlFailure(of: request(server.url, timeout: .milliseconds(100)), by: transport)
    let metrics = try #require(waiting.metrics)
    #expect(metrics.reusedConnection == nil && metrics.connecting == nil && metrics.waiting == nil)
    #expect(try #require(metrics.queueing) >= .milliseconds(100))
    running.cancel()
    _ = await running.result
  }

  @Test("A connection that is never made takes up the time to connect")
  func connecting() async throws {
    let hole = try BlackHole()
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let error = try await curlFailure(of: request(hole.url, timeout: .milliseconds(200)), by: transport)
    let metrics = try #require(error.metrics)
    #expect(metrics.reusedConnection == false)
    #expect(try #require(metrics.connecting) > .zero)
    #expect(metrics.securing == nil && metrics.waiting == nil)
  }

  @Test("The observer of a client receives them with each attempt")
  func observer() async throws {
    let server = try RawServer.responding(body: Array(#"{"data":{"status":"ok"}}"#.utf8))
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let events = Events()
    let client = try PlystraClient(
      baseURL: server.url, apiKey: "key", configuration: .init(observer: events), transport: transport)
    for _ in 0..<2 { _ = try await client.system.health() }
    let attempts = events.log.withLock { $0 }.filter { $0.kind == .attemptFinished }
    #expect(attempts.map { $0.metrics?.reusedConnection } == [false, true])
  }

  private struct Events: ClientObserver {
    let log = Locked([ClientEvent]())
    func observe(_ event: ClientEvent) { log.withLock { $0.append(event) } }
  }

  @Test("The statistics of a transport count what is open, idle, under way and waiting at each host")
  func statistics() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        try connection.wait(for: gate)
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: TransportConfiguration(connectionsPerHost: 2))
    #expect(await transport.statistics.hosts.isEmpty)
    async let results = curlResults(of: (0..<5).map { _ in curlRequest("GET", server.url) }, by: transport)
    try await server.waitForRequests(2)
    while await transport.statistics.hosts.first?.waitingRequests != 3 { await Task.yield() }
    let busy = try #require(await transport.statistics.hosts.first)
    #expect(busy.origin == server.url)
    #expect(busy.openConnections == 2 && busy.idleConnections == 0 && busy.requestsUnderWay == 2)
    gate.open()
    for result in await results { #expect(try result.get().status == 200) }
    let idle = try #require(await transport.statistics.hosts.first)
    #expect(idle.openConnections == 2 && idle.idleConnections == 2)
    #expect(idle.requestsUnderWay == 0 && idle.waitingRequests == 0)
    transport.shutdown()
    #expect(await transport.statistics.hosts.isEmpty)
  }

  @Test("Warming up opens as many connections as asked for, on every loop, and refuses what it cannot do")
  func warmUp() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport(configuration: TransportConfiguration(connectionsPerHost: 8), loops: 2)
    defer { transport.shutdown() }
    try await transport.warmUp(with: curlRequest("GET", server.url), connections: 5)
    #expect(await transport.statistics.hosts.map(\.openConnections) == [5])
    #expect(server.connectionCount == 5)
    let asked: [(request: TransportRequest, connections: Int, part: String)] = [
      (curlRequest("GET", server.url), 0, "connections"), (curlRequest("GET", server.url), 9, "connections"),
      (curlRequest("GET", server.url, mayBeResent: false), 2, "mayBeResent"),
    ]
    for (request, connections, part) in asked {
      let error = await #expect(throws: TransportError.self) {
        try await transport.warmUp(with: request, connections: connections)
      }
      #expect(error?.message.contains(part) == true)
    }
  }

  @Test("Waiting until a service is ready leaves as many connections open as asked for")
  func waitUntilReady() async throws {
    let server = try RawServer.responding(body: Array(#"{"data":{"status":"ready"}}"#.utf8))
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let client = try PlystraClient(baseURL: server.url, apiKey: "key", transport: transport)
    try await client.system.waitUntilReady(within: .patience, connections: 4)
    #expect(await transport.statistics.hosts.map(\.openConnections) == [4])
    let error = await #expect(throws: PlystraError.self) {
      try await client.system.waitUntilReady(within: .patience, connections: 0)
    }
    #expect(error?.kind == .configuration)
  }
}
