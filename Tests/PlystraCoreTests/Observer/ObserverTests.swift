import TestSupport
import Testing

@testable import PlystraCore

@Suite("What an observer is told", .timeLimit(.minutes(minutesOfAHang)))
struct ObserverTests {
  private let log = EventLog()
  private let time = ManualTime()

  private func client(_ steps: [ScriptedTransport.Step], retryBudget: Int = 10) throws -> PlystraClient {
    let transport = ScriptedTransport(steps, thenAlways: .failure(.other))
    return try Sample.client(
      transport, configuration: PlystraClient.Configuration(retryBudget: retryBudget, observer: log))
  }

  @Test("a call that succeeds", arguments: CallCase.all)
  func success(call: CallCase) async throws {
    _ = try await call.run(client([.fixture(call.fixture)]))
    #expect(
      log.lines == [
        "callStarted \(call.operation) 0", "attemptFinished \(call.operation) 1 http.200",
        "callFinished \(call.operation) 1 success",
      ])
    #expect(Set(log.events.map(\.requestID)) == [Sample.requestID])
  }

  @Test("retries, with how long the client waits and how long all took")
  func retries() async throws {
    _ = try await client([.failure(.reset), .answer(503), .fixture("authz-check.allow")])
      .authz.check(Sample.question)
    #expect(
      log.lines == [
        "callStarted authz.check 0", "attemptFinished authz.check 1 transport.reset",
        "retryScheduled authz.check 2", "attemptFinished authz.check 2 http.503",
        "retryScheduled authz.check 3", "attemptFinished authz.check 3 http.200",
        "callFinished authz.check 3 success",
      ])
    let delays: [Duration?] = [nil, nil, .milliseconds(100), nil, .milliseconds(200), nil, nil]
    #expect(log.events.map(\.delay) == delays)
    let durations: [Duration?] = [nil, .zero, nil, .zero, nil, .zero, .milliseconds(300)]
    #expect(log.events.map(\.duration) == durations)
  }

  @Test("a call that fails", arguments: [(404, "api.404"), (200, "decoding")])
  func failure(status: Int, outcome: String) async throws {
    _ = try await plystraError { try await client([.answer(status, "[]")]).system.health() }
    #expect(
      log.lines == [
        "callStarted system.health 0", "attemptFinished system.health 1 http.\(status)",
        "callFinished system.health 1 \(outcome)",
      ])
  }

  @Test("a retry that the budget does not pay for is not announced")
  func spentBudget() async throws {
    let client = try client([.answer(503), .answer(503)], retryBudget: 0)
    _ = try await plystraError { try await client.system.health() }
    #expect(!log.events.contains { $0.kind == .retryScheduled })
    #expect(log.lines.last == "callFinished system.health 1 api.503")
  }

  @Test("what is refused before it begins is no call")
  func refused() async throws {
    let client = try PlystraClient(
      baseURL: Sample.baseURL, configuration: PlystraClient.Configuration(observer: log),
      transport: ScriptedTransport())
    _ = try await plystraError { try await client.audit.get("") }
    _ = try await plystraError { try await client.actor.context() }
    #expect(log.events.isEmpty)
  }

  @Test("a call that is cancelled on the way")
  func cancelled() async throws {
    let door = Door()
    let transport = ScriptedTransport(
      .run { _ in
        try await door.pass()
        return TransportResponse(status: 200)
      })
    let client = try Sample.client(transport, configuration: PlystraClient.Configuration(observer: log))
    let call = Task { try await client.system.health() }
    try await door.untilWaiting()
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(
      log.lines == [
        "callStarted system.health 0", "attemptFinished system.health 1 cancelled",
        "callFinished system.health 1 cancelled",
      ])
  }

  @Test("a call that was cancelled before it began made no attempt")
  func cancelledBefore() async throws {
    let client = try client([.fixture("health")])
    let door = Door()
    let call = Task {
      try? await door.pass()
      return try await client.system.health()
    }
    try await door.untilWaiting()
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(log.lines == ["callStarted system.health 0", "callFinished system.health 0 cancelled"])
  }

  // MARK: Sessions

  private func client(of service: TokenService) throws -> PlystraClient {
    try service.client(configuration: PlystraClient.Configuration(retryPolicy: .never, observer: log))
  }

  @Test("a refused token: the refresh is a call of its own, and the attempt ends twice")
  func refusedToken() async throws {
    let service = TokenService(time)
    service.revokeAccessToken()
    _ = try await client(of: service).actor.context()
    #expect(
      log.lines == [
        "callStarted actor.context 0", "attemptFinished actor.context 1 http.401",
        "callStarted auth.refresh 0", "attemptFinished auth.refresh 1 http.200",
        "callFinished auth.refresh 1 success", "credentialRefreshed auth.refresh 1 success",
        "attemptFinished actor.context 1 http.200", "callFinished actor.context 1 success",
      ])
    let refreshID = log.events.first { $0.operation == "auth.refresh" }?.requestID
    #expect(refreshID == service.refreshes.first?.headers["X-Request-ID"])
    #expect(Set(log.events.filter { $0.operation == "auth.refresh" }.map(\.requestID)).count == 1)
  }

  @Test("one refresh for a hundred callers is told once")
  func herd() async throws {
    let service = TokenService(time)
    let client = try client(of: service)
    time.advance(by: .seconds(1_000))
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 { group.addTask { _ = try await client.actor.context() } }
      try await group.waitForAll()
    }
    #expect(log.events.filter { $0.kind == .credentialRefreshed }.map(\.outcome) == ["success"])
    #expect(log.events.filter { $0.kind == .callFinished }.count == 101)
  }

  @Test(
    "a refresh that fails, and the calls that fail for it",
    arguments: [
      (401, "api.401", "credentials.sessionExpired"), (500, "api.500", "credentials.sessionUncertain"),
    ])
  func failedRefresh(status: Int, refresh: String, call: String) async throws {
    let service = TokenService(
      time, refreshAnswer: { _ in { _ in TransportResponse(status: status, body: Array("{}".utf8)) } })
    let client = try client(of: service)
    time.advance(by: .seconds(1_000))
    for _ in 0..<2 { _ = try await plystraError { try await client.actor.context() } }
    #expect(
      log.lines == [
        "callStarted actor.context 0", "callStarted auth.refresh 0",
        "attemptFinished auth.refresh 1 http.\(status)", "callFinished auth.refresh 1 \(refresh)",
        "credentialRefreshed auth.refresh 1 \(refresh)", "callFinished actor.context 0 \(call)",
        "callStarted actor.context 0", "callFinished actor.context 0 \(call)",
      ])
  }

  @Test("an observer may use the client that it observes")
  func reentrant() async throws {
    /// Signs the client out as soon as its token is refused.
    final class SigningOut: ClientObserver {
      let client = Locked<PlystraClient?>(nil)

      func observe(_ event: ClientEvent) {
        if event.outcome == "http.401" { try? client.withLock { $0 }?.setSession(nil) }
      }
    }
    let observer = SigningOut()
    let service = TokenService(time)
    service.revokeAccessToken()
    let client = try service.client(configuration: PlystraClient.Configuration(observer: observer))
    observer.client.withLock { $0 = client }
    #expect(try await plystraError { try await client.actor.context() }.status == 401)
    #expect(service.refreshes.isEmpty)
  }
}
