import CLibcurl
import Foundation
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: connections", .timeLimit(.minutes(minutesOfAHang)))
struct CurlConnectionTests {
  @Test("Requests one after another share a connection")
  func reuse() async throws {
    let server = try RawServer.responding(body: [1, 2, 3])
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for _ in 0..<20 {
      let response = try await transport.send(curlRequest("POST", server.url, body: [7]))
      #expect(response.body == [1, 2, 3])
    }
    #expect(server.connectionCount == 1)
    #expect(server.requests.count == 20)
  }

  @Test("What must not arrive twice gets a connection of its own, which others may use later")
  func freshConnection() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for _ in 0..<3 {
      _ = try await transport.send(curlRequest("POST", server.url, body: [1], mayBeResent: false))
    }
    #expect(server.requests.map(\.connection) == [0, 1, 2])
    for _ in 0..<3 { _ = try await transport.send(curlRequest("GET", server.url)) }
    #expect(server.connectionCount == 3)
  }

  @Test(
    "A connection that is in use all the time is replaced after its time",
    .enabled(if: curl_version_info(CURLVERSION_FIRST).pointee.version_num >= 0x075000))
  func age() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(maximumConnectionAge: .seconds(1)))
    defer { transport.shutdown() }
    let first = try await transport.send(curlRequest("GET", server.url))
    var next = first
    while next.connectionID == first.connectionID {
      next = try await transport.send(curlRequest("GET", server.url))
    }
    #expect(server.connectionCount == 2)
    try await server.waitForDisconnect(ofConnection: 0)
  }

  @Test("Requests go to a Unix-domain socket, whatever host their URL names, and reuse its connections")
  func unixSocket() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("plystra-\(UUID()).socket").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try RawServer(unixSocketPath: path) { connection in
      while let request = try connection.readRequest() {
        try connection.send(TransportResponse(status: 200, body: Array(request.target.utf8)))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(unixSocketPath: path))
    defer { transport.shutdown() }
    for target in ["/a", "/b"] {
      let response = try await transport.send(curlRequest("POST", "http://localhost\(target)", body: [1]))
      #expect(response.body == Array(target.utf8))
    }
    #expect(server.connectionCount == 1)
    _ = try await transport.send(curlRequest("POST", "http://localhost/", mayBeResent: false))
    #expect(server.connectionCount == 2)
    #expect(await transport.statistics.hosts.map(\.openConnections) == [2])
  }

  @Test("A dead pooled connection costs a repetition of what may be resent")
  func deadConnectionResent() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send(TransportResponse(status: 200))
      // Only the first connection dies on its second request.
      while try connection.readRequest() != nil, connection.number > 0 {
        try connection.send(TransportResponse(status: 200))
      }
      connection.reset()
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for _ in 0..<3 { _ = try await transport.send(curlRequest("POST", server.url, body: [1])) }
    #expect(server.requests.map(\.connection) == [0, 0, 1, 1])
  }

  @Test("A dead pooled connection does not touch what must not arrive twice")
  func deadConnectionNotUsed() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send(TransportResponse(status: 200))
      _ = try connection.readRequest()
      connection.reset()
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for number in 0..<5 {
      let body = [UInt8(number)]
      _ = try await transport.send(curlRequest("POST", server.url, body: body, mayBeResent: false))
    }
    #expect(server.requests.map(\.body) == [[0], [1], [2], [3], [4]])
  }

  @Test("What must not arrive twice arrives once, even if its connection dies")
  func sentOnce() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      guard connection.number > 0 else { return try connection.send(TransportResponse(status: 200)) }
      connection.reset()
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    _ = try await transport.send(curlRequest("GET", server.url))
    let error = try await curlFailure(
      of: curlRequest("POST", server.url, body: [9], mayBeResent: false), by: transport)
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
    #expect(error.underlyingError is CurlError)
    #expect(server.requests.filter { $0.method == "POST" }.count == 1)
  }

  @Test("More requests than connections wait their turn")
  func queue() async throws {
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        try connection.send(TransportResponse(status: 200, body: request.body))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4))
    defer { transport.shutdown() }
    let requests = (0..<500).map { number in
      curlRequest("POST", server.url, body: Array("\(number)".utf8), mayBeResent: number % 50 != 0)
    }
    let results = await curlResults(of: requests, by: transport)
    let bodies = try results.map { try $0.get().body }
    #expect(bodies == requests.map { $0.body ?? [] })
    #expect(server.requests.count == 500)
    let connections = server.log.connections
    // Those with a connection of their own push an idle one out; never are there more than four at a time.
    #expect(connections.count <= 4 + 10)
  }

  @Test("No host ever has more connections than configured")
  func connectionLimit() async throws {
    let open = Locked((now: 0, most: 0))
    let (allIn, gate) = (try Gate(), try Gate())
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        let now = open.withLock { open in
          open.now += 1
          open.most = max(open.most, open.now)
          return open.now
        }
        if now == 3 { allIn.open() }
        try connection.wait(for: gate)
        open.withLock { $0.now -= 1 }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 3))
    defer { transport.shutdown() }
    async let results = curlResults(
      of: (0..<12).map { _ in curlRequest("GET", server.url) }, by: transport)
    try await allIn.waitUntilOpen()
    #expect(server.connectionCount == 3)
    gate.open()
    #expect(await results.allSatisfy { $0.isSuccess })
    #expect(open.withLock { $0.most } == 3)
    #expect(server.connectionCount == 3)
  }

  @Test("A host that does not answer holds up no other")
  func separateQueues() async throws {
    let silent = try RawServer.script { try $0.holdUntilClosed() }
    defer { silent.stop() }
    let lively = try RawServer.responding(body: [1])
    defer { lively.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 1))
    defer { transport.shutdown() }
    async let stuck = curlResults(
      of: (0..<20).map { _ in curlRequest("GET", silent.url) }, by: transport)
    try await silent.waitForConnections(1)
    for _ in 0..<10 {
      #expect(try await transport.send(curlRequest("GET", lively.url)).body == [1])
    }
    transport.shutdown()
    #expect(await stuck.allSatisfy { $0.transportError?.kind == .shutDown })
  }

  @Test("Requests that libcurl refuses to start hold up nobody behind them")
  func failedStarts() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        try connection.wait(for: gate)
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 1))
    defer { transport.shutdown() }
    async let first = transport.send(curlRequest("GET", server.url))
    try await server.waitForRequests(1)
    // libcurl takes no string of more than 8,000,000 bytes.
    let tooLong = server.url + "/" + String(repeating: "a", count: 8_000_001)
    let requests = (0..<8).map { curlRequest("GET", $0 % 2 == 0 ? tooLong : server.url) }
    async let results = curlResults(of: requests, by: transport)
    // Joins the queue behind them and leaves it; were they slower, the test would only be less sharp.
    let last = try await curlFailure(
      of: curlRequest("GET", server.url, timeout: .milliseconds(500)), by: transport)
    #expect(last.kind == .timeout)
    gate.open()
    _ = try await first
    for (number, result) in await results.enumerated() {
      #expect(number % 2 == 0 ? result.transportError?.kind == .other : result.isSuccess)
    }
    #expect(try await transport.send(curlRequest("GET", server.url)).status == 200)
  }

  @Test("Whatever a request ends with, its place and its handle are free for the next")
  func failures() async throws {
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        switch request.target {
        case "/reset": return connection.reset()
        case "/cut": return try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut")
        case "/garbage": return try connection.send("no answer\r\n\r\n")
        case "/silence": return try connection.holdUntilClosed()
        default: try connection.send(TransportResponse(status: 200, body: [1, 2, 3]))
        }
      }
    }
    defer { server.stop() }
    // One place, so that one that is not given back stops everything.
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 1))
    defer { transport.shutdown() }
    let short = Duration.milliseconds(50)
    let failing: [(TransportRequest, TransportError.Kind)] = [
      (curlRequest("GET", server.url + "/reset"), .reset),
      (curlRequest("GET", server.url + "/cut"), .truncated),
      (curlRequest("GET", server.url + "/garbage"), .protocolViolation),
      (curlRequest("GET", server.url + "/silence", timeout: short), .timeout),
      (curlRequest("GET", server.url + "/", maximumResponseBytes: 2), .responseTooLarge),
      // libcurl takes no string of more than 8,000,000 bytes.
      (curlRequest("GET", server.url + "/" + String(repeating: "a", count: 8_000_001)), .other),
    ]
    for _ in 0..<3 {
      for (request, kind) in failing {
        #expect(try await curlFailure(of: request, by: transport).kind == kind)
        #expect(try await transport.send(curlRequest("GET", server.url)).body == [1, 2, 3])
      }
      let seen = server.requests.count
      let cancelled = Task { try await transport.send(curlRequest("GET", server.url + "/silence")) }
      try await server.waitForRequests(seen + 1)
      cancelled.cancel()
      await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
      #expect(try await transport.send(curlRequest("GET", server.url)).body == [1, 2, 3])
    }
  }

  @Test("Many hosts are served, and forgotten again")
  func manyHosts() async throws {
    let servers = try (0..<70).map { _ in try RawServer.responding() }
    defer { for server in servers { server.stop() } }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 2))
    defer { transport.shutdown() }
    for _ in 0..<2 {
      let results = await curlResults(of: servers.map { curlRequest("GET", $0.url) }, by: transport)
      #expect(results.allSatisfy { $0.isSuccess })
    }
    #expect(servers.allSatisfy { $0.requests.count == 2 })
  }

  @Test("IPv6 literals work")
  func ipv6() async throws {
    let server = try RawServer(on: .ipv6) { connection in
      while try connection.readRequest() != nil { try connection.send(TransportResponse(status: 204)) }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    #expect(try await transport.send(curlRequest("GET", server.url)).status == 204)
  }
}
