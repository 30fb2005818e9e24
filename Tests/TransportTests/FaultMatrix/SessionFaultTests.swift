import PlystraCore
import TestSupport
import Testing

/// A session's tokens die, and their refresh goes wrong.
@Suite("Fault matrix: sessions", .timeLimit(.minutes(5 * Sanitizer.slowdown)))
struct SessionFaultTests {
  private static let old = TokenPair(
    accessToken: Secret(Canary.accessToken + "_old"), refreshToken: Secret(Canary.refreshToken + "_old"))
  private static let new = TokenPair(
    accessToken: Secret(Canary.accessToken + "_new"), refreshToken: Secret(Canary.refreshToken + "_new"))

  /// A service that knows no access token but the new one, which a refresh gives, and no other.
  private func service(
    refreshing: @escaping RawServer.Script = { try $0.send(rotated) }
  ) throws -> RawServer {
    let read = HTTPResponse(status: 200, body: try Fixtures.body("capabilities"))
    let decision = HTTPResponse(status: 200, body: try FaultCall.check.answer)
    let refusal = HTTPResponse(status: 401, body: try Fixtures.body("error.401"))
    return try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.isRefresh {
          try refreshing(connection)
        } else if request.headers["Authorization"] != "Bearer \(Canary.accessToken)_new" {
          try connection.send(refusal)
        } else {
          try connection.send(request.target.contains("/authz/") ? decision : read)
        }
      }
    }
  }

  private static let rotated = HTTPResponse.text(
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
          group.addTask { try await client.succeed(Self.calls[number % Self.calls.count]) }
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
    let other = HTTPResponse.text(
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
    let server = try service { try $0.send(HTTPResponse(status: status, body: body)) }
    defer { server.stop() }
    try await transport.run(matrix: server.url, session: Self.old) { client in
      try await expectFailures(of: client, with: .sessionExpired, at: server)
      try client.plystra.setSession(Self.new)
      for call in Self.calls { try await client.succeed(call) }
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
