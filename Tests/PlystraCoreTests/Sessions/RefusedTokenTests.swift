import TestSupport
import Testing

@testable import PlystraCore

@Suite("Sessions: the service refuses the access token", .timeLimit(.minutes(minutesOfAHang)))
struct RefusedTokenTests {
  private let time = ManualTime()
  private let strict = PlystraClient.Configuration(retryPolicy: .never, retryBudget: 0)

  /// Calls that carry the session's token: reads, decisions and writes.
  static let calls = CallCase.all.filter { $0.credential != .none }

  @Test("Row 21: one refresh and one replay, outside attempts and budget; writes too", arguments: calls)
  func refreshAndReplay(call: CallCase) async throws {
    let service = TokenService(time)
    service.revokeAccessToken()
    let client = try service.client(configuration: strict)
    _ = try? await call.run(client)  // What the answer holds is no matter here.
    #expect(service.carried == ["access-1", "access-2"])
    #expect(service.refreshes.count == 1)
    let (first, second) = (try #require(service.calls.first), try #require(service.calls.last))
    #expect(first.method == second.method && first.url == second.url && first.body == second.body)
    #expect(first.headers["X-Request-ID"] == second.headers["X-Request-ID"])
    #expect([first, second].map(\.mayBeResent) == [call.isReplayable, call.isReplayable])
  }

  @Test("Row 21: the caller of a write gets its answer")
  func write() async throws {
    let service = TokenService(time)
    service.revokeAccessToken()
    let session = try await service.client(configuration: strict).actor.switchMember(memberID: "m1")
    #expect(session.actor?.userID == "user_alice")
  }

  @Test("Row 21: a refresh carries the refresh token and no credential, and is never sent twice")
  func refreshRequest() async throws {
    let service = TokenService(time)
    service.revokeAccessToken()
    _ = try await service.client(apiKey: "key").actor.context()
    let refresh = try #require(service.refreshes.first)
    #expect(refresh.method == "POST")
    #expect(refresh.url == "https://plystra.test/api/v1/auth/refresh")
    #expect(refresh.text == #"{"refresh_token":"refresh-1"}"#)
    #expect(refresh.headers["Authorization"] == nil && refresh.headers["X-Plystra-API-Key"] == nil)
    #expect(refresh.mayBeResent == false)
    #expect(refresh.headers["X-Request-ID"] != service.calls.first?.headers["X-Request-ID"])
  }

  @Test("Row 21: a hundred callers at once cause one refresh")
  func herd() async throws {
    let door = Door()
    let service = TokenService(time, beforeCall: { if $0 <= 100 { try await door.pass() } })
    service.revokeAccessToken()
    let client = try service.client(configuration: strict)
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 { group.addTask { _ = try await client.actor.context() } }
      try await door.untilWaiting(100)
      door.open()
      try await group.waitForAll()
    }
    #expect(service.refreshes.count == 1)
    #expect(service.carried.filter { $0 == "access-1" }.count == 100)
    #expect(service.carried.filter { $0 == "access-2" }.count == 100)
  }

  @Test("Row 21: where the token was replaced meanwhile, the call is replayed without a refresh")
  func replacedMeanwhile() async throws {
    let door = Door()
    let service = TokenService(time, beforeCall: { if $0 == 1 { try await door.pass() } })
    service.revokeAccessToken()
    let client = try service.client()
    async let late = client.actor.context()
    try await door.untilWaiting()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 1)
    door.open()
    _ = try await late
    #expect(service.refreshes.count == 1)
    #expect(service.carried == ["access-1", "access-1", "access-2", "access-2"])
  }

  @Test("Row 21: a token or session set by hand meanwhile is used for the replay", arguments: [true, false])
  func setMeanwhile(isSession: Bool) async throws {
    let door = Door()
    let service = TokenService(time, beforeCall: { if $0 == 1 { try await door.pass() } })
    let client = try service.client(session: TokenService.pair(7))
    async let call = client.actor.context()
    try await door.untilWaiting()
    if isSession {
      try client.setSession(service.pair)
    } else {
      try client.setAccessToken(service.pair.accessToken)
    }
    door.open()
    _ = try await call
    #expect(service.carried == ["access-7", "access-1"])
    #expect(service.refreshes.isEmpty)
  }

  @Test(
    "Row 21: after a sign-out the refusal surfaces, and nothing is sent without a credential or with another")
  func signedOutMeanwhile() async throws {
    for key in [nil, "key"] {
      let door = Door()
      let service = TokenService(time, beforeCall: { if $0 == 1 { try await door.pass() } })
      service.revokeAccessToken()
      let client = try service.client(apiKey: key)
      let call = Task { try await client.actor.context() }
      try await door.untilWaiting()
      try client.setSession(nil)
      door.open()
      let error = try await plystraError { try await call.value }
      #expect(error.status == 401)
      #expect(error.kind == .api)
      #expect(error.attempts == 1)
      #expect(service.carried == ["access-1"])
      #expect(service.refreshes.isEmpty)
    }
  }

  @Test("Row 21: a second refusal surfaces")
  func secondRefusal() async throws {
    let transport = ScriptedTransport(
      .fixture("error.401", status: 401), .fixture("auth-refresh"), .fixture("error.401", status: 401))
    let client = try client(of: transport)
    let error = try await plystraError { try await client.actor.context() }
    #expect(error.status == 401)
    #expect(error.code == .authenticationRequired)
    #expect(error.attempts == 1)
    #expect(transport.stepsLeft == 0)
    #expect(transport.requests.count == 3)
  }

  @Test("Row 21: it surfaces from a later attempt of the call as well")
  func secondRefusalAtLaterAttempt() async throws {
    let transport = ScriptedTransport(
      .fixture("error.401", status: 401), .fixture("auth-refresh"), .answer(503),
      .fixture("error.401", status: 401))
    let client = try client(of: transport, timing: time.timing())
    let error = try await plystraError { try await client.actor.context() }
    #expect(error.status == 401)
    #expect(error.attempts == 2)
    #expect(transport.requests.map { $0.url.hasSuffix("refresh") } == [false, true, false, false])
  }

  @Test("Row 21: the next call may refresh again, and its scoped copies see each rotation")
  func rotations() async throws {
    let service = TokenService(time)
    let client = try service.client()
    let copies = [
      client, try client.withRequestID("req_mine"), client.with(deadline: .seconds(3)), client,
    ]
    for copy in copies {
      service.revokeAccessToken()
      _ = try await copy.actor.context()
    }
    #expect(service.refreshes.count == 4)
    for copy in copies { _ = try await copy.actor.context() }
    #expect(service.refreshes.count == 4)
    #expect(service.carried.last == "access-5")
  }

  @Test("Row 22: with an API key only there is no refresh and no retry", arguments: calls)
  func apiKey(call: CallCase) async throws {
    let transport = ScriptedTransport(.fixture("error.401", status: 401))
    let error = try await plystraError { try await call.run(Sample.client(transport)) }
    #expect(error.status == 401)
    #expect(error.attempts == 1)
    #expect(transport.requests.count == 1)
  }

  @Test("Row 22: a route that prefers the API key leaves the session alone")
  func preferredKey() async throws {
    let transport = ScriptedTransport(.fixture("error.401", status: 401))
    let client = try client(of: transport, apiKey: "key")
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.status == 401)
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == ["key"])
  }

  @Test("a plain access token cannot be refreshed: its refusal surfaces")
  func plainToken() async throws {
    let transport = ScriptedTransport(.fixture("error.401", status: 401))
    let client = try Sample.client(transport, apiKey: nil, accessToken: "token")
    let error = try await plystraError { try await client.actor.context() }
    #expect(error.status == 401)
    #expect(transport.requests.count == 1)
  }

  private func client(
    of transport: ScriptedTransport, apiKey: String? = nil, timing: Timing? = nil
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: apiKey.map { Secret($0) }),
      session: TokenService.pair(1), configuration: PlystraClient.Configuration(), transport: transport,
      timing: timing ?? time.timing)
  }
}
