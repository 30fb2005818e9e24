import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: numbers of connections", .timeLimit(.minutes(minutesOfAHang)))
struct CurlConnectionNumberTests {
  /// Answers with the number that it counts the connection by.
  private func countingServer() throws -> RawServer {
    try RawServer.script { connection in
      while try connection.readRequest() != nil {
        try connection.send(TransportResponse(status: 200, headers: ["X-Connection": "\(connection.number)"]))
      }
    }
  }

  @Test("All responses over a connection have its number, and those over others have other numbers")
  func numbers() async throws {
    let server = try countingServer()
    defer { server.stop() }
    var numbers: [UInt64] = []
    for _ in 0..<2 {
      let transport = try CurlTransport()
      defer { transport.shutdown() }
      for mayBeResent in [true, true, false] {
        let request = curlRequest("GET", server.url, mayBeResent: mayBeResent)
        numbers.append(try #require(try await transport.send(request).connectionID))
      }
    }
    #expect(server.requests.map(\.connection) == [0, 0, 1, 2, 2, 3])
    #expect(numbers[0] == numbers[1] && numbers[3] == numbers[4])
    #expect(Set(numbers).count == 4)
  }

  @Test("A closed connection is not used again, and its end reaches the server", arguments: [1, 3])
  func closing(loops: Int) async throws {
    let server = try countingServer()
    defer { server.stop() }
    let transport = try CurlTransport(loops: loops)
    defer { transport.shutdown() }
    for number in 0..<5 {
      let response = try await transport.send(curlRequest("GET", server.url))
      #expect(response.headers["X-Connection"] == "\(number)")
      transport.closeConnection(try #require(response.connectionID))
      try await server.waitForDisconnect(ofConnection: number)
    }
  }

  @Test("A number of no open connection is ignored")
  func unknownNumbers() async throws {
    let server = try countingServer()
    defer { server.stop() }
    let transport = try CurlTransport()
    for _ in 0..<3 {
      transport.closeConnection(.max)
      transport.closeConnection(0)
      #expect(try await transport.send(curlRequest("GET", server.url)).headers["X-Connection"] == "0")
    }
    transport.shutdown()
    transport.closeConnection(1)
  }

  /// Sends many requests, each of which must not come over the connection that was closed before.
  private func neverComesBack(_ transport: CurlTransport, _ server: RawServer) async throws -> Bool {
    var isClean = true
    var closed: Set<UInt64> = []
    for _ in 0..<50 {
      let number = try #require(try await transport.send(curlRequest("GET", server.url)).connectionID)
      isClean = isClean && !closed.contains(number)
      closed.insert(number)
      transport.closeConnection(number)
    }
    return isClean
  }

  @Test(
    "No request that begins after a connection was closed uses it, on any thread", arguments: [true, false])
  func order(onTheLoop: Bool) async throws {
    let server = try countingServer()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let isClean = await withTaskExecutorPreference(onTheLoop ? transport.executor : nil) {
      await withTaskGroup(of: Bool.self) { group in
        // Each fails now and then because another closes the connection that it is on, which is not the point.
        for _ in 0..<8 {
          group.addTask { (try? await neverComesBack(transport, server)) ?? true }
        }
        return await group.allSatisfy { $0 }
      }
    }
    #expect(isClean)
  }

  #if os(Linux)
  @Test(
    "Over TLS connections have numbers too, and can be closed",
    .enabled(
      if: TestCertificates.obstacle == nil, "nginx or openssl is missing; run Scripts/bootstrap --tests"),
    arguments: [TransportConfiguration.HTTPVersion.negotiated, .http1])
  func overTLS(version: TransportConfiguration.HTTPVersion) async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try CurlTransport(
      configuration: TransportConfiguration(
        certificateAuthorities: .file(certificates.authority), httpVersion: version))
    defer { transport.shutdown() }
    var seen: [UInt64: Set<String>] = [:]
    for _ in 0..<3 {
      var numbers: Set<UInt64> = []
      for _ in 0..<3 {
        let response = try await transport.send(curlRequest("GET", "https://localhost:\(nginx.port)/"))
        let number = try #require(response.connectionID)
        numbers.insert(number)
        seen[number, default: []].insert(try #require(response.headers["X-Seen-Connection"]))
      }
      #expect(numbers.count == 1)
      for number in numbers { transport.closeConnection(number) }
    }
    // As many numbers as connections that nginx saw.
    #expect(seen.count == 3)
    #expect(seen.values.allSatisfy { $0.count == 1 })
    #expect(Set(seen.values.joined()).count == 3)
  }
  #endif
}
