import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: the end, in time", .timeLimit(.minutes(minutesOfAHang)))
struct CurlDrainTests {
  /// Returns once new requests are refused.
  private func waitUntilRefused(by transport: CurlTransport, url: String) async {
    let request = curlRequest("GET", url, timeout: .milliseconds(20))
    while await curlResults(of: [request], by: transport)[0].transportError?.kind != .shutDown {}
  }

  /// A server that responds when the gate opens.
  private func server(behind gate: Gate) throws -> RawServer {
    try RawServer.script { connection in
      while try connection.readRequest() != nil {
        try connection.wait(for: gate)
        try connection.send(TransportResponse(status: 200))
      }
    }
  }

  @Test("Requests under way and waiting finish, and new ones are refused", arguments: [1, 2])
  func drain(loops: Int) async throws {
    let gate = try Gate()
    let server = try server(behind: gate)
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 2), loops: loops)
    let requests = [TransportRequest](repeating: curlRequest("GET", server.url), count: 5)
    let sending = Task { await curlResults(of: requests, by: transport) }
    try await server.waitForRequests(2)
    while transport.load < 5 { await Task.yield() }
    let ending = Task { await transport.shutdown(within: .patience) }
    await waitUntilRefused(by: transport, url: server.url)
    #expect(server.requests.count == 2)
    gate.open()
    #expect(await sending.value.allSatisfy { $0.isSuccess })
    await ending.value
    for number in 0..<2 { try await server.waitForDisconnect(ofConnection: number) }
    // Once more, which has nothing to wait for.
    await transport.shutdown(within: .patience)
  }

  @Test(
    "What is left when the time is over fails",
    arguments: [Duration.milliseconds(30), .zero, .seconds(-1)])
  func time(_ time: Duration) async throws {
    let gate = try Gate()
    let server = try server(behind: gate)
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 1))
    let requests = [TransportRequest](repeating: curlRequest("GET", server.url), count: 2)
    let sending = Task { await curlResults(of: requests, by: transport) }
    try await server.waitForRequests(1)
    while transport.load < 2 { await Task.yield() }
    await transport.shutdown(within: time)
    #expect(await sending.value.map { $0.transportError?.kind } == [.shutDown, .shutDown])
  }

  @Test("Shutting down at once, a shorter time and cancellation end the wait", arguments: 0..<3)
  func hurry(_ way: Int) async throws {
    let gate = try Gate()
    let server = try server(behind: gate)
    defer { server.stop() }
    let transport = try CurlTransport()
    let sending = Task { await curlResults(of: [curlRequest("GET", server.url)], by: transport)[0] }
    try await server.waitForRequests(1)
    let ending = Task { await transport.shutdown(within: .patience) }
    await waitUntilRefused(by: transport, url: server.url)
    switch way {
    case 0: transport.shutdown()
    case 1: await transport.shutdown(within: .milliseconds(1))
    default: ending.cancel()
    }
    await ending.value
    #expect(await sending.value.transportError?.kind == .shutDown)
  }

  @Test("A request that is cancelled is not waited for")
  func cancellation() async throws {
    let gate = try Gate()
    let server = try server(behind: gate)
    defer { server.stop() }
    let transport = try CurlTransport()
    let sending = Task { await curlResults(of: [curlRequest("GET", server.url)], by: transport)[0] }
    try await server.waitForRequests(1)
    let ending = Task { await transport.shutdown(within: .patience) }
    await waitUntilRefused(by: transport, url: server.url)
    sending.cancel()
    await ending.value
    #expect(await sending.value.isCancellation)
  }

  @Test("The thread has released the loop when the wait ends")
  func release() async throws {
    weak var released: CurlLoop?
    do {
      let loop = try CurlLoop(limits: TransferLimits(TransportConfiguration()))
      released = loop
      loop.drain(until: .now())
      let threadEnd = loop.threadEnd
      await threadEnd.wait()
    }
    #expect(released == nil)
  }

  #if os(Linux)
  @Test("Tasks on the executor may wait for the end, also of each other's transports", arguments: [1, 3])
  func onExecutor(loops: Int) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let (first, second) = (try CurlTransport(loops: loops), try CurlTransport(loops: loops))
    let tasks = [(first, second), (second, first), (first, first)].map { own, other in
      Task(executorPreference: own.executor) {
        await other.shutdown(within: .patience)
        return await curlResults(of: [curlRequest("GET", server.url)], by: other)[0].transportError?.kind
      }
    }
    for task in tasks { #expect(await task.value == .shutDown) }
  }
  #endif
}
