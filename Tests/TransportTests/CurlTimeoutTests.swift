import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: time", .timeLimit(.minutes(minutesOfAHang)))
struct CurlTimeoutTests {
  @Test(
    "No time at all is a timeout at once, with nothing sent",
    arguments: [Duration.zero, .seconds(-1), .nanoseconds(-1), .seconds(Int64.min)])
  func noTime(timeout: Duration) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let error = try await curlFailure(of: curlRequest("GET", server.url, timeout: timeout), by: transport)
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
    #expect(server.connectionCount == 0)
  }

  @Test(
    "Very long times do not overflow",
    arguments: [
      Duration.seconds(Int64.max), .seconds(Int64.max) * 10, .seconds(100 * 365 * 86_400),
      .milliseconds(Int64.max),
    ])
  func longTime(timeout: Duration) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectTimeout: timeout))
    defer { transport.shutdown() }
    #expect(try await transport.send(curlRequest("GET", server.url, timeout: timeout)).status == 200)
  }

  @Test(
    "A server that never answers",
    arguments: [Duration.nanoseconds(1), .microseconds(300), .milliseconds(1), .milliseconds(150)])
  func silence(timeout: Duration) async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let start = ContinuousClock.now
    let error = try await curlFailure(of: curlRequest("GET", server.url, timeout: timeout), by: transport)
    #expect(error.kind == .timeout)
    #expect(ContinuousClock.now - start >= timeout)
  }

  /// The loop ends each as soon as it has heard of it, often before the task has gone to sleep: ThreadSanitizer watches
  /// how the outcome is handed over then.
  @Test("What is overdue when the loop hears of it times out, with nothing sent")
  func overdue() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let requests = (0..<20_000).map { _ in curlRequest("GET", server.url, timeout: .nanoseconds(1)) }
    let errors = await curlResults(of: requests, by: transport).map(\.transportError)
    #expect(errors.count == requests.count)
    #expect(errors.allSatisfy { $0?.kind == .timeout && $0?.mayHaveBeenSent == false })
    #expect(server.connectionCount == 0)
  }

  @Test("A timeout says how far the exchange came and closes the connection")
  func stages() async throws {
    let server = try RawServer.script { connection in
      let request = try connection.readRequest()
      if request?.target == "/head" { try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") }
      if request?.target == "/body" {
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        try connection.drip([UInt8](repeating: 65, count: 900), every: .milliseconds(100))
      }
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for (number, path) in ["/none", "/head", "/body"].enumerated() {
      let error = try await curlFailure(
        of: curlRequest("GET", server.url + path, timeout: .milliseconds(400)), by: transport)
      #expect(error.kind == .timeout)
      #expect(error.mayHaveBeenSent)
      #expect(error.message.contains(number == 0 ? "waiting for the response" : "receiving the response"))
      try await server.waitForDisconnect(ofConnection: number)
    }
  }

  @Test("Waiting for a connection counts")
  func inQueue() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 1))
    defer { transport.shutdown() }
    async let first = curlResults(of: [curlRequest("GET", server.url)], by: transport)
    try await server.waitForConnections(1)
    let error = try await curlFailure(
      of: curlRequest("GET", server.url, timeout: .milliseconds(100)), by: transport)
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
    #expect(error.message.contains("waiting for one of the connections"))
    transport.shutdown()
    #expect(await first[0].transportError?.kind == .shutDown)
    #expect(server.connectionCount == 1)
  }

  @Test("Each of many deadlines fires, and none too early")
  func manyDeadlines() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 8))
    defer { transport.shutdown() }
    var generator = SystemRandomNumberGenerator()
    let times = (0..<300).map { _ in Int.random(in: 1...600, using: &generator) }
    let start = ContinuousClock.now
    let ended = await withTaskGroup(of: (Int, Duration, Bool).self) { group in
      for time in times {
        group.addTask {
          let request = curlRequest("GET", server.url, timeout: .milliseconds(time))
          let isTimeout: Bool
          do {
            _ = try await transport.send(request)
            isTimeout = false
          } catch {
            isTimeout = (error as? TransportError)?.kind == .timeout
          }
          return (time, ContinuousClock.now - start, isTimeout)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ended.count == 300)
    #expect(ended.allSatisfy { $0.2 && $0.1 >= .milliseconds($0.0) })
  }

  @Test("The time to connect has its own limit")
  func connectTimeout() async throws {
    // The TLS handshake, which this server leaves unanswered, is part of it.
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport(
      configuration: .init(connectTimeout: .milliseconds(150), certificateAuthorities: systemAuthorities))
    defer { transport.shutdown() }
    let error = try await curlFailure(
      of: curlRequest("GET", "https" + server.url.dropFirst(4)), by: transport)
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
  }

  @Test("The limit for connecting does not limit the answer")
  func connectTimeoutOnly() async throws {
    let response = try await {
      let server = try RawServer.script { connection in
        _ = try connection.readRequest()
        try connection.pause(.milliseconds(300))
        try connection.send(TransportResponse(status: 200))
      }
      defer { server.stop() }
      let transport = try CurlTransport(configuration: .init(connectTimeout: .milliseconds(100)))
      defer { transport.shutdown() }
      return try await transport.send(curlRequest("GET", server.url))
    }()
    #expect(response.status == 200)
  }

  @Test("Settings out of range are refused by name", arguments: [Int.min, -1, 0, 1025, Int.max])
  func connectionsOutOfRange(count: Int) throws {
    let error = #expect(throws: PlystraError.self) {
      _ = try CurlTransport(configuration: .init(connectionsPerHost: count))
    }
    #expect(error?.kind == .configuration)
    #expect(error?.message.hasPrefix("connectionsPerHost: ") == true)
  }

  @Test(
    "Times to connect out of range are refused by name",
    arguments: [Duration.zero, .seconds(-5), .microseconds(999)])
  func connectTimeoutOutOfRange(timeout: Duration) throws {
    let error = #expect(throws: PlystraError.self) {
      _ = try CurlTransport(configuration: .init(connectTimeout: timeout))
    }
    #expect(error?.kind == .configuration)
    #expect(error?.message.hasPrefix("connectTimeout: ") == true)
  }
}
