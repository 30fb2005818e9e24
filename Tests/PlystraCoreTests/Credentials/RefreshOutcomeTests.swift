import TestSupport
import Testing

@testable import PlystraCore

@Suite("What a failed refresh means for the session (rows 23 and 24)")
struct RefreshOutcomeTests {
  static let old = TokenPair(accessToken: Secret("old-access-1"), refreshToken: Secret("old-refresh-1"))

  static let rotated =
    #"{"data":{"access_token":"new-access-2","refresh_token":"new-refresh-2","token_type":"Bearer"}}"#

  /// A service that refuses the old access token, and answers refreshes by script.
  private func service(_ refresh: ScriptedTransport.Step) -> ScriptedTransport {
    let refreshes = ScriptedTransport(thenAlways: refresh)
    return ScriptedTransport(
      thenAlways: .run { request in
        if request.url.hasSuffix("/auth/refresh") { return try await refreshes.send(request) }
        guard request.headers["Authorization"] == "Bearer old-access-1" else {
          return TransportResponse(status: 200, body: try Fixtures.body("actor-context"))
        }
        return TransportResponse(status: 401, body: try Fixtures.body("error.401"))
      })
  }

  private func client(_ transport: ScriptedTransport, _ hooks: Hook...) throws -> PlystraClient {
    try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: Self.old,
      configuration: PlystraClient.Configuration(retryPolicy: .never, interceptors: hooks),
      transport: transport,
      timing: FakeTime().timing)
  }

  private func refreshes(_ transport: ScriptedTransport) -> Int {
    transport.requests.filter { $0.url.hasSuffix("/auth/refresh") }.count
  }

  /// A call fails with a code, and so does the next one, which sends nothing.
  private func expectEnd(_ code: ErrorCode, _ transport: ScriptedTransport, _ client: PlystraClient)
    async throws
  {
    let first = try await plystraError { try await client.actor.context() }
    #expect(first.code == code)
    #expect(first.operation == "actor.context")
    #expect(first.attempts == 1)
    let count = transport.requests.count
    let second = try await plystraError { try await client.actor.context() }
    #expect(second.code == code)
    #expect(second.attempts == 0)
    #expect(transport.requests.count == count)
    #expect(refreshes(transport) == 1)
    for error in [first, second] {
      for secret in ["old-access-1", "old-refresh-1", "new-access", "new-refresh"] {
        #expect(!leaks(error, secret))
      }
    }
  }

  @Test("a rotated pair is used, and the refused call is made once more")
  func rotation() async throws {
    let transport = service(.answer(200, Self.rotated))
    _ = try await client(transport).actor.context()
    #expect(
      transport.requests.map { $0.headers["Authorization"] } == [
        "Bearer old-access-1", nil, "Bearer new-access-2",
      ])
  }

  @Test(
    "new tokens that no header can carry leave the session uncertain: the old ones are dead",
    arguments: [
      Self.rotated.replacing("new-access-2", with: "new access-2"),
      Self.rotated.replacing("new-refresh-2", with: "new-refresh-2\\r\\n"),
      Self.rotated.replacing("new-access-2", with: "néw-access-2"),
      Self.rotated.replacing("new-access-2", with: ""),
    ])
  func unusableTokens(answer: String) async throws {
    let transport = service(.answer(200, answer))
    try await expectEnd(.sessionUncertain, transport, client(transport))
  }

  @Test(
    "an answer that is lost or makes no sense leaves it uncertain",
    arguments: [
      ScriptedTransport.Step.failure(.reset), .failure(.timeout), .failure(.truncated), .failure(.connect),
      .failure(.protocolViolation), .failure(.responseTooLarge), .answer(500), .answer(502, "<html>"),
      .answer(504), .answer(200, "{"), .answer(200), .answer(204), .answer(302), .answer(404, "not found"),
      .answer(401, "<html>"), .answer(200, #"{"data":{}}"#), .run { _ in throw CancellationError() },
      .run { _ in throw CanaryTests.Unknown() },
    ])
  func lost(step: ScriptedTransport.Step) async throws {
    let transport = service(step)
    try await expectEnd(.sessionUncertain, transport, client(transport))
  }

  @Test("an answer by which the service ends the session ends it", arguments: [400, 401, 403])
  func ended(status: Int) async throws {
    let transport = service(.fixture("error.401.session-expired", status: status))
    try await expectEnd(.sessionExpired, transport, client(transport))
  }

  @Test("an interceptor that fails after the refresh was sent leaves it uncertain", arguments: [0, 1, 2])
  func interceptorAfterSending(way: Int) async throws {
    let errors: [any Error] = [
      CanaryTests.Unknown(), PlystraError(kind: .configuration, message: "own"),
      TransportError(kind: .connect, message: "own", mayHaveBeenSent: false),
    ]
    let transport = service(.answer(200, Self.rotated))
    let client = try client(
      transport,
      Hook { request, context, next in
        let response = try await next(request)
        if context.operation == "auth.refresh" { throw errors[way] }
        return response
      })
    try await expectEnd(.sessionUncertain, transport, client)
  }

  @Test("a refresh that was not sent is reported and forgotten", arguments: [0, 1, 2])
  func notSent(way: Int) async throws {
    let errors: [any Error] = [
      CanaryTests.Unknown(), PlystraError(kind: .configuration, message: "own"),
      TransportError(kind: .connect, message: "own", mayHaveBeenSent: false),
    ]
    let isFailing = Locked(true)
    let transport = service(.answer(200, Self.rotated))
    let time = FakeTime()
    let hook = Hook { request, context, next in
      if context.operation == "auth.refresh", isFailing.withLock({ $0 }) { throw errors[way] }
      return try await next(request)
    }
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: Self.old,
      configuration: PlystraClient.Configuration(retryPolicy: .never, interceptors: [hook]),
      transport: transport,
      timing: time.timing)
    let error = try await plystraError { try await client.actor.context() }
    #expect(error.code != .sessionUncertain)
    #expect(error.operation == "actor.context")
    #expect(refreshes(transport) == 0)
    isFailing.withLock { $0 = false }
    time.advance(by: .seconds(2))
    _ = try await client.actor.context()
    #expect(refreshes(transport) == 1)
  }

  @Test("a credential that was replaced while its answer was on the way is still masked")
  func replacedMeanwhile() async throws {
    let holder = Locked<PlystraClient?>(nil)
    let transport = ScriptedTransport(
      .run { request in
        try holder.withLock { $0 }?.setAccessToken("token-after")
        return TransportResponse(
          status: 400, body: Array("you sent \(request.headers["Authorization"] ?? "")x token-before".utf8))
      })
    let client = try PlystraClient(
      baseURL: Sample.baseURL, accessToken: "token-before", transport: transport)
    holder.withLock { $0 = client }
    let error = try await plystraError { try await client.actor.context() }
    #expect(!leaks(error, "token-before"))
  }
}
