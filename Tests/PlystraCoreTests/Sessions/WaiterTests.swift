import TestSupport
import Testing

@testable import PlystraCore

@Suite("Sessions: those who wait for a refresh", .timeLimit(.minutes(minutesOfAHang)))
struct WaiterTests {
  private let time = ManualTime()
  private let door = Door()

  /// A service that refreshes once the door is open.
  private var service: TokenService {
    TokenService(
      time,
      refreshAnswer: { [door] _ in
        try? await door.pass()
        return nil
      })
  }

  @Test(
    "Row 25: a cancelled caller leaves at once, and the refresh goes on for the others", arguments: [0, 1, 5])
  func cancelled(index: Int) async throws {
    let service = service
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    var callers = [Task { try await client.actor.context() }]
    // The first is the one that starts the refresh.
    try await door.untilWaiting()
    callers += (1..<10).map { _ in Task { try await client.actor.context() } }
    try await time.untilSleeping(10)
    callers[index].cancel()
    await #expect(throws: CancellationError.self) { try await callers[index].value }
    #expect(service.calls.isEmpty)
    door.open()
    for (other, caller) in callers.enumerated() where other != index { _ = try await caller.value }
    #expect(service.refreshes.count == 1)
    #expect(service.carried == Array(repeating: "access-2", count: 9))
  }

  @Test("Row 25: when all of them are cancelled, the new tokens serve whoever comes next")
  func allCancelled() async throws {
    let stored = Locked<[TokenPair]>([])
    let service = service
    let client = try service.client { pair in stored.withLock { $0.append(pair) } }
    time.advance(by: .seconds(1_000))
    let callers = (0..<5).map { _ in Task { try await client.actor.context() } }
    try await time.untilSleeping(5)
    for caller in callers { caller.cancel() }
    for caller in callers { await #expect(throws: CancellationError.self) { try await caller.value } }
    let next = Task { try await client.actor.context() }
    try await time.untilSleeping(1)
    door.open()
    _ = try await next.value
    #expect(service.refreshes.count == 1)
    #expect(service.carried == ["access-2"])
    #expect(stored.withLock { $0 } == [service.pair])
  }

  @Test("Row 25: a caller that was cancelled before it began starts no refresh")
  func cancelledBefore() async throws {
    let service = service
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    let start = Door()
    let caller = Task {
      try? await start.pass()
      return try await client.actor.context()
    }
    try await start.untilWaiting()
    caller.cancel()
    await #expect(throws: CancellationError.self) { try await caller.value }
    #expect(service.refreshes.isEmpty)
  }

  @Test("Row 25: a cancelled caller whose call was refused leaves at once as well")
  func cancelledAfterRefusal() async throws {
    let service = service
    service.revokeAccessToken()
    let client = try service.client()
    let callers = (0..<3).map { _ in Task { try await client.actor.switchMember(memberID: "m1") } }
    try await time.untilSleeping(3)
    callers[0].cancel()
    await #expect(throws: CancellationError.self) { try await callers[0].value }
    door.open()
    _ = try await callers[1].value
    _ = try await callers[2].value
    #expect(service.refreshes.count == 1)
    #expect(service.calls.count == 5)
  }

  @Test("a caller's deadline passes while the refresh hangs; the others still get their answer")
  func deadline() async throws {
    let service = service
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    let patient = Task { try await client.with(deadline: .seconds(60)).actor.context() }
    let hasty = Task { try await client.with(deadline: .seconds(3)).actor.switchMember(memberID: "m1") }
    try await time.untilSleeping(2)
    try await door.untilWaiting()
    time.advance(by: .seconds(3))
    let error = try await plystraError { try await hasty.value }
    #expect(error.kind == .timeout)
    #expect(error.operation == "actor.switchMember")
    #expect(error.attempts == 0)
    #expect(!error.outcomeUnknown)
    #expect(error.isRetryable)
    door.open()
    _ = try await patient.value
    #expect(service.refreshes.count == 1)
    #expect(service.carried == ["access-2"])
  }

  @Test("a deadline passes after a refusal, while the refresh hangs")
  func deadlineAfterRefusal() async throws {
    let service = service
    service.revokeAccessToken()
    let client = try service.client()
    let caller = Task { try await client.with(deadline: .seconds(3)).actor.context() }
    try await time.untilSleeping()
    try await door.untilWaiting()
    time.advance(by: .seconds(3))
    let error = try await plystraError { try await caller.value }
    #expect(error.kind == .timeout)
    #expect(error.attempts == 1)
    door.open()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 1)
  }

  @Test("a hand-over of new tokens that hangs costs each caller its deadline, no more")
  func hangingRotation() async throws {
    let service = TokenService(time)
    let client = try service.client { [door] _ in try? await door.pass() }
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try await time.untilSleeping()
    time.advance(by: .seconds(10))
    #expect(try await plystraError { try await caller.value }.kind == .timeout)
    door.open()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 1)
  }
}

@Suite("Sessions: somebody signs in or out during a refresh", .timeLimit(.minutes(minutesOfAHang)))
struct ReplacementTests {
  private let time = ManualTime()
  private let door = Door()

  /// What an application does with a client's credentials.
  enum Change: CaseIterable, Sendable {
    case newSession, newToken, noSession, noToken

    func apply(to client: PlystraClient) throws {
      switch self {
      case .newSession: try client.setSession(TokenService.pair(7))
      case .newToken: try client.setAccessToken("access-7")
      case .noSession: try client.setSession(nil)
      case .noToken: try client.setAccessToken(nil)
      }
    }

    var isSignOut: Bool { self == .noSession || self == .noToken }
  }

  @Test("a late result is dropped, unseen by the application", arguments: Change.allCases)
  func lateResult(change: Change) async throws {
    let stored = Locked<[TokenPair]>([])
    let service = TokenService(
      time,
      refreshAnswer: { [door] _ in
        try? await door.pass()
        return nil
      })
    let client = try service.client { pair in stored.withLock { $0.append(pair) } }
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try await time.untilSleeping()
    try change.apply(to: client)
    door.open()
    let error = try await plystraError { try await caller.value }
    if change.isSignOut {
      #expect(error.kind == .credentials)
      #expect(error.code == .authenticationRequired)
      #expect(error.operation == "actor.context")
      #expect(service.calls.isEmpty)
    } else {
      #expect(service.carried.first == "access-7")
    }
    #expect(stored.withLock { $0.isEmpty })
    #expect(!client.core.credentials.secrets.contains(service.pair.accessToken))
  }

  @Test("tokens set while the new ones are handed over stay", arguments: Change.allCases)
  func duringHandOver(change: Change) async throws {
    let service = TokenService(time)
    let client = try service.client { [door] _ in try? await door.pass() }
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try change.apply(to: client)
    door.open()
    // The service knows none of the tokens that are set, nor does the client go back to those it was about to use.
    let error = try await plystraError { try await caller.value }
    #expect(error.code == (change == .newSession ? .sessionExpired : .authenticationRequired))
    #expect(service.carried == (change.isSignOut ? [] : ["access-7"]))
    #expect(client.core.credentials.secrets == (change == .newToken ? [Secret("access-7")] : []))
  }

  @Test("a failed refresh of the former session does not touch the new one", arguments: ["ended", "lost"])
  func lateFailure(kind: String) async throws {
    let service = TokenService(
      time,
      refreshAnswer: { [door] number in
        guard number == 1 else { return nil }
        try? await door.pass()
        return { _ in
          if kind == "ended" { return try TokenService.answer("error.401.session-expired", 401) }
          throw TransportError(kind: .reset, message: "lost", mayHaveBeenSent: true)
        }
      })
    let client = try service.client(session: TokenService.pair(7, expiresAt: FakeTime.wallClock))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try client.setSession(service.pair)
    // The new session is refreshed while the former one's refresh still hangs.
    service.revokeAccessToken()
    _ = try await client.actor.context()
    door.open()
    _ = try await caller.value
    _ = try await client.actor.context()
    #expect(service.refreshes.map(\.text).last == #"{"refresh_token":"refresh-1"}"#)
    #expect(service.refreshes.count == 2)
    #expect(service.carried.suffix(1) == ["access-2"])
  }
}
