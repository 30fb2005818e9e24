import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: several loops", .timeLimit(.minutes(minutesOfAHang)))
struct CurlLoopCountTests {
  @Test("Divide the connections to a host among them", arguments: [1, 2, 3, 5])
  func connections(loops: Int) async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        try connection.wait(for: gate)
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 5), loops: loops)
    defer { transport.shutdown() }
    async let results = curlResults(
      of: (0..<40).map { _ in curlRequest("GET", server.url) }, by: transport)
    try await server.waitForRequests(5)
    #expect(server.connectionCount == 5)
    gate.open()
    #expect(await results.allSatisfy { $0.isSuccess })
    #expect(server.connectionCount == 5)
  }

  @Test("A request that takes long holds up none while another loop has a free connection")
  func slowRequest() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.target == "/slow" { try connection.wait(for: gate) }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4), loops: 4)
    defer { transport.shutdown() }
    async let slow = transport.send(curlRequest("GET", server.url + "/slow"))
    try await server.waitForRequests(1)
    for _ in 0..<8 { _ = try await transport.send(curlRequest("GET", server.url)) }
    gate.open()
    #expect(try await slow.status == 200)
  }

  #if os(Linux)
  @Test("A task on the executor uses the connections of another loop when its own has none left")
  func slowRequestsOnExecutor() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.target == "/slow" { try connection.wait(for: gate) }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4), loops: 4)
    defer { transport.shutdown() }
    let statuses = try await withTaskExecutorPreference(transport.executor) {
      // The children start on the loop of the task that adds them.
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<3 {
          group.addTask { try await transport.send(curlRequest("GET", server.url + "/slow")).status }
        }
        try await server.waitForRequests(3)
        let quick = try await transport.send(curlRequest("GET", server.url)).status
        gate.open()
        return try await group.reduce(into: [quick]) { $0.append($1) }
      }
    }
    #expect(statuses == [200, 200, 200, 200])
  }
  #endif

  @Test("A number out of range is refused by name", arguments: [Int.min, 0, 4, 65, Int.max])
  func outOfRange(loops: Int) throws {
    let error = try #require(throws: PlystraError.self) {
      _ = try CurlTransport(configuration: .init(connectionsPerHost: 3), loops: loops)
    }
    #expect(error.kind == .configuration)
    #expect(error.message.hasPrefix("loops: "))
  }

  @Test("Shutting down fails what all of them have under way")
  func shutdown() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4), loops: 4)
    async let results = curlResults(
      of: (0..<12).map { _ in curlRequest("GET", server.url) }, by: transport)
    try await server.waitForRequests(4)
    transport.shutdown()
    #expect(await results.allSatisfy { $0.transportError?.kind == .shutDown })
    for number in 0..<4 { try await server.waitForDisconnect(ofConnection: number) }
  }
}
