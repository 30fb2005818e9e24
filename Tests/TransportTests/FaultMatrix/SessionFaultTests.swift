import Foundation
import PlystraCore
import TestSupport
import Testing

/// A session's tokens die, and their refresh goes wrong.
@Suite("Fault matrix: sessions", .timeLimit(.minutes(minutesOfAHang)))
struct SessionFaultTests {
  private static let old = TokenPair(
    accessToken: Secret(Canary.accessToken + "_old"), refreshToken: Secret(Canary.refreshToken + "_old"))
  private static let new = TokenPair(
    accessToken: Secret(Canary.accessToken + "_new"), refreshToken: Secret(Canary.refreshToken + "_new"))

  /// A service that knows no access token but the new one, which a refresh gives, and no other.
  private func service(
    refreshing: @escaping RawServer.Script = { try $0.send(rotated) }
  ) throws -> RawServer {
    let read = TransportResponse(status: 200, body: try Fixtures.body("capabilities"))
    let decision = TransportResponse(status: 200, body: try FaultCall.check.answer)
    let refusal = TransportResponse(status: 401, body: try Fixtures.body("error.401"))
    return try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.isRefresh {
          try refreshing(connection)
        } else if request.headers["Authorization"] != "Bearer \(Canary.accessToken)_new" {
          try connection.send(refusal)
        } else {
          let answer = request.target.contains("/authz/") ? decision : read
          try connection.send(answer.repeatingID(of: request.headers))
        }
      }
    }
  }

  private static let rotated = TransportResponse.text(
    #"{"data":{"access_token":"\#(Canary.accessToken)_new","refresh_token":"\#(Canary.refreshToken)_new"}}"#)

  /// A read, a decision and a write that carry the session's token.
  private static let calls = FaultCall.documented.filter {
    ["system.capabilities", "authz.check", "request"].contains($0.operation)
  }

  @Test("Row 21: 401, one refresh, one replay", arguments: TransportUnderTest.allCases)
  func refreshesOnce(_ transport: TransportUnderTest) async throws {
    let server = try service()
    defer { server.stop() }
    try await transport.run(matrix: server.url, session: Self.old) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 {
          group.addTask {
            let plystra = try client.plystra.withRequestID("req_\(number)")
            #expect(try await Self.calls[number % Self.calls.count].run(plystra) != false)
          }
        }
        try await group.waitForAll()
      }
      #expect(client.time.waits.isEmpty)
    }
    #expect(server.requests.filter(\.isRefresh).count == 1)
    let arrivals = Dictionary(grouping: server.requests.filter { !$0.isRefresh }) {
      $0.headers["X-Request-ID"]
    }
    #expect(arrivals.count == 100 && arrivals.values.allSatisfy { $0.count <= 2 })
  }

  @Test("Row 21: a second 401 surfaces", arguments: TransportUnderTest.allCases, calls)
  func secondRefusal(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let other = TransportResponse.text(
      #"{"data":{"access_token":"\#(Canary.accessToken)_x","refresh_token":"\#(Canary.refreshToken)_x"}}"#)
    let server = try service { try $0.send(other) }
    defer { server.stop() }
    let error = try await transport.run(matrix: server.url, session: Self.old) {
      try await $0.failure(of: call)
    }
    #expect(error.kind == .api && error.status == 401 && error.attempts == 1)
    #expect(server.requests.map(\.isRefresh) == [false, true, false])
  }

  /// How the answer to a refresh is lost or unusable.
  private static let losses: [(String, RawServer.Script)] = [
    ("reset", { $0.reset() }),
    ("silence", { try $0.holdUntilClosed() }),
    (
      "truncation",
      { connection in
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"data\":{")
        connection.close()
      }
    ),
    ("500", { try $0.send(.text(#"{"error":{"code":"INTERNAL_ERROR"}}"#, status: 500)) }),
    ("502", { try $0.send(.text("{}", status: 502)) }),
    ("504", { try $0.send(.text("{}", status: 504)) }),
    ("HTML", { try $0.send(.text("<html>Log in first</html>")) }),
  ]

  @Test(
    "Row 23: the answer to the refresh is lost or unusable", arguments: TransportUnderTest.allCases,
    losses.map(\.0))
  func uncertain(_ transport: TransportUnderTest, _ loss: String) async throws {
    let script = try #require(Self.losses.first { $0.0 == loss }).1
    let server = try service(refreshing: script)
    defer { server.stop() }
    try await transport.run(
      matrix: server.url, configuration: .attemptTimeout(.seconds(2), attempts: 3), session: Self.old
    ) { client in
      try await expectFailures(of: client, with: .sessionUncertain, at: server)
      try client.plystra.setSession(Self.new)
      for call in Self.calls { try await client.succeed(call) }
    }
    #expect(server.requests.filter(\.isRefresh).count == 1)
  }

  @Test("Row 24: refresh answers 400, 401 or 403", arguments: TransportUnderTest.allCases, [400, 401, 403])
  func expired(_ transport: TransportUnderTest, _ status: Int) async throws {
    let body = try Fixtures.body("error.401.session-expired")
    let server = try service { try $0.send(TransportResponse(status: status, body: body)) }
    defer { server.stop() }
    try await transport.run(matrix: server.url, session: Self.old) { client in
      try await expectFailures(of: client, with: .sessionExpired, at: server)
      try client.plystra.setSession(Self.new)
      for call in Self.calls { try await client.succeed(call) }
    }
  }

  @Test("Row 25: a caller cancels while others wait for the refresh", arguments: TransportUnderTest.allCases)
  func waiterCancelled(_ transport: TransportUnderTest) async throws {
    let (taken, allowed) = try await shortestTime(within: .milliseconds(50)) {
      let gate = try Gate()
      let server = try service { connection in
        try connection.wait(for: gate)
        try connection.send(Self.rotated)
      }
      defer { server.stop() }
      return try await transport.run(matrix: server.url, session: Self.old) { client in
        let callers = (0..<10).map { number in
          Task { try await client.succeed(Self.calls[number % Self.calls.count]) }
        }
        // Each was refused once, and the first of them asked for new tokens.
        try await server.waitForRequests(11)
        let start = ContinuousClock.now
        for caller in callers.prefix(3) { caller.cancel() }
        for caller in callers.prefix(3) {
          await #expect(throws: CancellationError.self) { try await caller.value }
        }
        let taken = start.duration(to: .now)
        #expect(server.requests.count == 11)
        gate.open()
        for caller in callers.dropFirst(3) { try await caller.value }
        #expect(server.requests.count == 11 + 7)
        #expect(server.requests.filter(\.isRefresh).count == 1)
        return taken
      }
    }
    #expect(taken <= allowed)
  }

  @Test(
    "Row 51: the wall clock jumps by an hour", arguments: TransportUnderTest.allCases, [3_600.0, -3_600])
  func wallClockJumps(_ transport: TransportUnderTest, _ seconds: Double) async throws {
    let server = try service()
    defer { server.stop() }
    var session = Self.new
    session.expiresAt = SkippedTime.wallClock + 900
    let time = SkippedTime()
    try await transport.run(matrix: server.url, time: time, session: session) { client in
      for call in Self.calls { try await client.succeed(call) }
      #expect(server.requests.filter(\.isRefresh).isEmpty)
      time.setWallClock(forwardBy: seconds)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 {
          group.addTask {
            let plystra = try client.plystra.withRequestID("req_\(number)")
            #expect(try await Self.calls[number % Self.calls.count].run(plystra) != false)
          }
        }
        try await group.waitForAll()
      }
      time.setWallClock(forwardBy: -seconds)
      for call in Self.calls { try await client.succeed(call) }
      // By a clock that is ahead the token has ended; by one that is behind it has not.
      #expect(server.requests.filter(\.isRefresh).count == (seconds > 0 ? 1 : 0))
    }
  }

  @Test(
    "Row 51: deadlines and backoff do not move with the wall clock", arguments: TransportUnderTest.allCases,
    [3_600.0, -3_600])
  func wallClockJumpsInAWait(_ transport: TransportUnderTest, _ seconds: Double) async throws {
    let clock = Locked<SkippedTime?>(nil)
    let waits = [Duration.milliseconds(37), .milliseconds(153)]
    let time = SkippedTime(jitter: waits) { _ in
      clock.withLock { $0 }?.setWallClock(forwardBy: seconds)
    }
    clock.withLock { $0 = time }
    defer { clock.withLock { $0 = nil } }
    let answer = TransportResponse(status: 200, body: try FaultCall.check.answer)
    let server = try RawServer.answering { _, number in number < 2 ? .text("{}", status: 503) : answer }
    defer { server.stop() }
    try await transport.run(matrix: server.url, time: time) { client in
      try await client.succeed(.check)
      #expect(time.waits == waits && client.attempts.count == 3)
      #expect(client.attempts.allSatisfy { $0.timeout == PlystraClient.Configuration.patient.attemptTimeout })
    }
  }
}

extension SessionFaultTests {
  /// The first call refreshes; none of them succeeds, and all but the first send nothing.
  private func expectFailures(
    of client: MatrixClient, with code: ErrorCode, at server: RawServer
  ) async throws {
    var count: Int?
    for call in Self.calls {
      let error = try await client.failure(of: call)
      #expect(error.kind == .credentials && error.code == code)
      #expect(server.requests.filter(\.isRefresh).count == 1)
      #expect(server.requests.count == count ?? server.requests.count)
      count = server.requests.count
    }
  }
}

extension RawRequest {
  fileprivate var isRefresh: Bool { target == "/api/v1/auth/refresh" }
}
