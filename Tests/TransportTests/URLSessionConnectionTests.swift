import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

@Suite("URLSessionTransport: numbers of connections", .timeLimit(.minutes(minutesOfAHang)))
struct URLSessionConnectionTests {
  @Test("A number stands for all connections that are reused, and closing it leaves none of them")
  func closing() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    defer { transport.shutdown() }
    for generation in 1...3 as ClosedRange<UInt64> {
      for _ in 0..<3 {
        #expect(try await transport.send(server.request()).connectionID == generation)
      }
      transport.closeConnection(generation)
      try await server.waitForDisconnect(ofConnection: Int(generation) - 1)
      // Former and future ones.
      transport.closeConnection(generation)
      transport.closeConnection(generation + 2)
    }
    #expect(server.requests.map(\.connection) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
  }

  @Test("Connections that are in use all the time are replaced after their time")
  func age() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try URLSessionTransport(
      configuration: .init(maximumConnectionAge: .seconds(1)), environment: [:])
    defer { transport.shutdown() }
    while try await transport.send(server.request()).connectionID == 1 {}
    try await server.waitForDisconnect(ofConnection: 0)
    #expect(server.connectionCount == 2)
  }

  @Test("A request under way ends as it would, although its connection is closed")
  func underWay() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.target == "/slow" { try connection.wait(for: gate) }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    defer { transport.shutdown() }
    async let slow = transport.send(server.request("GET", "/slow"))
    try await server.waitForRequests(1)
    transport.closeConnection(1)
    #expect(try await transport.send(server.request()).connectionID == 2)
    gate.open()
    #expect(try await slow.connectionID == 1)
  }

  @Test("What must not arrive twice has no number: its connection is not reused")
  func notReused() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    defer { transport.shutdown() }
    #expect(try await transport.send(server.request(mayBeResent: false)).connectionID == nil)
  }
}
