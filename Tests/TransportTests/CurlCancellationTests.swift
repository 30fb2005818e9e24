import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: cancellation", .timeLimit(.minutes(minutesOfAHang)))
struct CurlCancellationTests {
  @Test("Before anything is sent")
  func before() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    await withTaskGroup(of: Bool.self) { group in
      group.cancelAll()
      for timeout in [Duration.seconds(60), .zero] {
        group.addTask {
          await curlResults(of: [curlRequest("GET", server.url, timeout: timeout)], by: transport)[0]
            .isCancellation
        }
      }
      for await isCancellation in group { #expect(isCancellation) }
    }
    #expect(server.connectionCount == 0)
  }

  @Test("In flight: at once, and the connection is closed")
  func inFlight() async throws {
    let server = try RawServer.script { connection in
      let request = try connection.readRequest()
      if request?.target == "/body" {
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc")
      }
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for (number, path) in ["/", "/body"].enumerated() {
      let task = Task { try await transport.send(curlRequest("GET", server.url + path)) }
      try await server.waitForRequests(number + 1)
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
      try await server.waitForDisconnect(ofConnection: number)
    }
  }

  @Test("In the queue: never sent, and the place is free for the next")
  func inQueue() async throws {
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
    let first = Task { try await transport.send(curlRequest("GET", server.url + "/first")) }
    try await server.waitForRequests(1)
    let waiting = (0..<20).map { number in
      Task { try await transport.send(curlRequest("GET", server.url + "/waiting/\(number)")) }
    }
    for task in waiting { task.cancel() }
    for task in waiting {
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    gate.open()
    #expect(try await first.value.status == 200)
    #expect(try await transport.send(curlRequest("GET", server.url + "/last")).status == 200)
    #expect(server.requests.map(\.target) == ["/first", "/last"])
  }

  @Test("While connecting")
  func whileConnecting() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(certificateAuthorities: systemAuthorities))
    defer { transport.shutdown() }
    let url = "https" + server.url.dropFirst(4)
    let task = Task { try await transport.send(curlRequest("GET", url)) }
    try await server.waitForConnections(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    try await server.waitForDisconnect()
  }

  @Test("Against the answer: one of the two, and the transport stays whole")
  func races() async throws {
    let server = try RawServer.responding(body: [1, 2, 3])
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4))
    defer { transport.shutdown() }
    for round in 0..<20 {
      let tasks = (0..<40).map { _ in
        Task { try await transport.send(curlRequest("GET", server.url)) }
      }
      // Every other one is cancelled, somewhere between its start and its end.
      for (number, task) in tasks.enumerated() where number % 2 == 0 {
        if (number + round) % 5 == 0 { await Task.yield() }
        task.cancel()
      }
      for (number, task) in tasks.enumerated() {
        do {
          #expect(try await task.value.body == [1, 2, 3])
        } catch is CancellationError {
          #expect(number % 2 == 0)
        }
      }
    }
    let results = await curlResults(
      of: (0..<40).map { _ in curlRequest("GET", server.url) }, by: transport)
    #expect(results.allSatisfy { $0.isSuccess })
  }

  @Test("Against the deadline: one of the two")
  func racesWithDeadline() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 3))
    defer { transport.shutdown() }
    let tasks = (0..<200).map { number in
      Task {
        let request = curlRequest("GET", server.url, timeout: .milliseconds(1 + number % 20))
        return try await transport.send(request)
      }
    }
    for task in tasks {
      await Task.yield()
      task.cancel()
    }
    for task in tasks {
      let error = await #expect(throws: (any Error).self) { _ = try await task.value }
      #expect(error is CancellationError || (error as? TransportError)?.kind == .timeout)
    }
  }
}
