import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// What a mock shares with every transport: time, cancellation, limits, and silence about credentials.
@Suite struct MockTimingTests {
  private func request(timeout: Duration = .seconds(30)) -> TransportRequest {
    TransportRequest(method: "GET", url: "https://plystra.test/api/v1/health", timeout: timeout)
  }

  @Test func delaysByItsClock() async throws {
    let clock = SkippingClock()
    let mock = MockTransport(clock: clock) { $0.script(.health().delayed(by: .seconds(20))) }
    #expect(try await mock.send(request()).status == 200)
    #expect(clock.elapsed == .seconds(20))
  }

  @Test(arguments: [
    MockAnswer.health().delayed(by: .seconds(31)), .health().delayed(by: .seconds(30)), .never,
  ])
  func aLongerDelayThanTheRequestHasTimeIsATimeout(_ answer: MockAnswer) async throws {
    let clock = SkippingClock()
    let mock = MockTransport(clock: clock) { $0.script(answer) }
    let error = try await #require(throws: TransportError.self) { try await mock.send(request()) }
    #expect(error.kind == .timeout && error.mayHaveBeenSent)
    #expect(clock.elapsed == .seconds(30))
  }

  @Test func noTimeIsATimeoutOfNothingSent() async throws {
    let mock = MockTransport { $0.script(.health()) }
    let error = try await #require(throws: TransportError.self) {
      try await mock.send(request(timeout: .zero))
    }
    #expect(error.kind == .timeout && !error.mayHaveBeenSent)
  }

  @Test(arguments: [MockAnswer.never, .health().delayed(by: .seconds(3_600))])
  func aCancelledTaskWaitsNoLonger(_ answer: MockAnswer) async throws {
    let mock = MockTransport { $0.on(.any).answer(answer) }
    let request = request(timeout: .seconds(7_200))
    let task = Task { try await mock.send(request) }
    while mock.requests.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aCancelledTaskIsNotAnswered() async throws {
    let mock = MockTransport { $0.on(.any).answer(.health()) }
    let task = Task { [request = request()] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await mock.send(request)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(mock.requests.isEmpty)
  }

  @Test func answersBeyondTheLimitAreRefused() async throws {
    let mock = MockTransport { $0.on(.any).answer(.status(200, text: "four"), times: 2) }
    var request = request()
    request.maximumResponseBytes = 4
    #expect(try await mock.send(request).body.count == 4)
    request.maximumResponseBytes = 3
    let error = try await #require(throws: TransportError.self) { try await mock.send(request) }
    #expect(error.kind == .responseTooLarge)
  }

  @Test func errorsOfAClosureBecomeTransportErrors() async throws {
    struct Odd: Error {}
    let mock = MockTransport { $0.script(.run { _ in throw Odd() }) }
    let error = try await #require(throws: TransportError.self) { try await mock.send(request()) }
    #expect(error.kind == .other && error.underlyingError is Odd)
  }

  @Test(arguments: [
    (TransportError.Kind.connect, false), (.resolve, false), (.tls, false), (.reset, true), (.timeout, true),
    (.truncated, true),
  ])
  func failuresSayWhetherTheRequestMayHaveArrived(_ kind: TransportError.Kind, _ sent: Bool) async throws {
    let mock = MockTransport { $0.script(.failure(kind), .failure(kind, mayHaveBeenSent: !sent)) }
    for expected in [sent, !sent] {
      let error = try await #require(throws: TransportError.self) { try await mock.send(request()) }
      #expect(error.kind == kind && error.mayHaveBeenSent == expected)
    }
  }

  @Test func credentialsAreSeenAndNotShown() async throws {
    let mock = MockTransport {
      $0.on(.authLogin).answer(.session(for: "user_alice"))
      $0.on(.actorContext).answer(.actor(ActorSession()))
      $0.on(.authLogout).answer(.loggedOut)
      $0.on(.any).answer(.health(), times: .any)
    }
    let plystra = try PlystraClient.testing(mock)
    let session = try await plystra.auth.login(email: "a@example.com", password: "canary-password")
    try plystra.setAccessToken("canary-access-token")
    _ = try await plystra.actor.context()
    try await plystra.auth.logout(refreshToken: session.tokens.refreshToken)
    _ = try? await plystra.authz.check(.question())
    _ = try await mock.send(
      TransportRequest(
        method: "POST", url: "https://u:canary-info@h/x?token=canary-query&y=canary-password",
        headers: ["Cookie": "a=canary-cookie", "X-Secret": "canary-header"],
        body: Array(#"{"password":"canary-password","note":"is canary-password"}"#.utf8)))

    let (login, context, logout, check) = (
      mock.requests[0], mock.requests[1], mock.requests[2], mock.requests[3]
    )
    #expect(!login.hasCredential && login.secret("password") == Secret("canary-password"))
    #expect(login.body == ["email": "a@example.com", "password": "***"])
    #expect(context.accessToken == Secret("canary-access-token") && context.apiKey == nil)
    #expect(context.headers["Authorization"] == "Bearer ***")
    #expect(logout.secret("refresh_token") == session.tokens.refreshToken)
    #expect(check.apiKey == Secret("ply_ak_canary.secret") && check.headers["X-Plystra-API-Key"] == "***")
    #expect(mock.requests.last?.body?["note"] == "is ***")

    var printed = "\(mock) \(mock.requests) \(String(reflecting: mock.requests)) \(mock.unexpected)"
    dump(mock, to: &printed)
    dump(mock.requests, to: &printed)
    for request in mock.requests { printed += "\(request.headers) \(request.url) \(request.body ?? .null)" }
    #expect(!printed.contains("canary") && !printed.contains("ply_rt_"))
  }

  @Test func aThousandTasksUseMocksOfTheirOwnAndOneTogether() async throws {
    let tasks = Sanitizer.crowd(1_000)
    let shared = MockTransport { $0.on(.authzCheck).answer(.decision(.allow), times: .exactly(tasks)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<tasks {
        group.addTask {
          let own = MockTransport {
            $0.on(.authzCheck.with(body: ["resource_id": .string("invoice_\(number)")]))
              .answer(.decision(number % 2 == 0 ? .allow : .deny(.spaceInactive)), times: 1)
          }
          let decision = try await PlystraClient.testing(own).authz.check(
            .question(about: "invoice_\(number)"))
          #expect(decision.isAllowed == (number % 2 == 0))
          try own.verify()
          let together = try await PlystraClient.testing(shared).authz.check(
            .question(about: "shared_\(number)"))
          #expect(together.audit?.resourceID == "shared_\(number)")
        }
      }
      try await group.waitForAll()
    }
    try shared.verify()
    #expect(Set(shared.requests.compactMap { $0.body?["resource_id"]?.stringValue }).count == tasks)
  }
}
