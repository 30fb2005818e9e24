import PlystraCore
import TestSupport
import Testing

/// Many calls at once, and many calls in vain.
@Suite("Fault matrix: load", .timeLimit(.minutes(minutesOfAHang)))
struct LoadTests {
  @Test("Row 49: 200 concurrent D reach the configured concurrency", arguments: TransportUnderTest.allCases)
  func concurrency(_ transport: TransportUnderTest) async throws {
    let limit = 24
    let counts = Locked((now: 0, most: 0))
    let allIn = try Gate()
    let answer = TransportResponse(status: 200, body: try FaultCall.check.answer)
    // The first requests are answered when as many are there as there may be.
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
        try connection.send(answer)
      }
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url, connectionsPerHost: limit) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<200 { group.addTask { try await client.succeed(.check) } }
        try await group.waitForAll()
      }
    }
    #expect(counts.withLock { $0.most } == limit)
    #expect(server.requests.count == 200)
  }

  @Test("Row 49: time in the queue counts against the deadline", arguments: TransportUnderTest.allCases)
  func timeInTheQueue(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let connections = 4
    try await transport.run(matrix: server.url, connectionsPerHost: connections) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<connections {
          group.addTask {
            await #expect(throws: CancellationError.self) { try await client.succeed(.request) }
          }
        }
        try await server.waitForRequests(connections)
        let impatient = client.with(deadline: .milliseconds(500))
        try await withThrowingTaskGroup(of: PlystraError.self) { group in
          for call in FaultCall.all + FaultCall.all {
            group.addTask { try await impatient.failure(of: call) }
          }
          for try await error in group {
            #expect(error.kind == .timeout && error.attempts == 1 && !error.outcomeUnknown)
          }
        }
        group.cancelAll()
      }
    }
    #expect(server.requests.count == connections)
  }

  @Test("Row 50: server dead, 1,000 calls", arguments: TransportUnderTest.allCases)
  func deadServer(_ transport: TransportUnderTest) async throws {
    let port = try LoopbackPort()
    let busy = TransportResponse.text("{}", status: 503)
    let answer = TransportResponse(status: 200, body: try FaultCall.check.answer)
    try await transport.run(matrix: port.url) { client in
      for _ in 0..<1_000 {
        let error = try await client.failure(of: .check)
        #expect((error.underlyingError as? TransportError)?.kind == .connect)
      }
      // Three attempts for each of the first five calls, then one.
      #expect(client.attempts.count == 1_010)

      let isBusy = Locked(false)
      let server = try RawServer.answering(at: port) { _, _ in
        isBusy.withLock { isBusy in
          defer { isBusy = false }
          return isBusy ? busy : answer
        }
      }
      defer { server.stop() }
      // Ten successes pay for a retry.
      for _ in 0..<10 { try await client.succeed(.check) }
      isBusy.withLock { $0 = true }
      try await client.succeed(.check)
      isBusy.withLock { $0 = true }
      #expect(try await client.failure(of: .check).attempts == 1)
      #expect(server.requests.count == 13)
    }
  }
}
