import TestSupport
import Testing

@testable import PlystraCore

@Suite(
  "Sessions: refreshes and logouts keep out of each other's way", .timeLimit(.minutes(minutesOfAHang))
)
struct LogoutTests {
  private let time = ManualTime()
  private let door = Door()

  @Test("a logout waits for a refresh that is under way, which would else leave its tokens alive")
  func logout() async throws {
    let service = TokenService(
      time,
      refreshAnswer: { [door] _ in
        try? await door.pass()
        return nil
      })
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try await time.untilSleeping()
    let logout = Task { try await client.auth.logout() }
    try await time.untilSleeping(2)
    #expect(service.calls.isEmpty)
    door.open()
    try await logout.value
    _ = try await caller.value
    let sent = service.calls.first { $0.url.hasSuffix("/auth/logout") }
    #expect(sent?.text == #"{"refresh_token":"refresh-2"}"#)
  }

  @Test("a logout by a token of the caller's own waits for nothing")
  func logoutOfAnother() async throws {
    let service = TokenService(
      time,
      refreshAnswer: { [door] _ in
        try? await door.pass()
        return nil
      })
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await door.untilWaiting()
    try await client.auth.logout(refreshToken: "another")
    #expect(service.calls.map(\.text) == [#"{"refresh_token":"another"}"#])
    door.open()
    _ = try await caller.value
  }

  /// A service whose logout, the first call, is answered once the door is open.
  private func slowToLogOut(failing failure: TransportError? = nil) -> TokenService {
    TokenService(
      time,
      beforeCall: { [door] number in
        guard number == 1 else { return }
        try await door.pass()
        if let failure { throw failure }
      })
  }

  @Test(
    "a refresh waits for a logout that is under way, which would else end tokens that are dead already",
    arguments: [nil, "refresh-1"])
  func refreshDuringLogout(token: String?) async throws {
    let service = slowToLogOut()
    let client = try service.client()
    let logout = Task { try await client.auth.logout(refreshToken: token.map { Secret($0) }) }
    try await door.untilWaiting()
    time.advance(by: .seconds(1_000))
    let callers = (0..<3).map { _ in Task { try await client.actor.context() } }
    try await time.untilSleeping(3)
    #expect(service.refreshes.isEmpty)
    door.open()
    try await logout.value
    for caller in callers { _ = try await caller.value }
    #expect(service.refreshes.count == 1)
  }

  @Test("a call that is refused while a logout is under way waits for it too")
  func refusalDuringLogout() async throws {
    let service = slowToLogOut()
    let client = try service.client()
    let logout = Task { try await client.auth.logout() }
    try await door.untilWaiting()
    service.revokeAccessToken()
    let caller = Task { try await client.actor.context() }
    try await time.untilSleeping()
    #expect(service.refreshes.isEmpty)
    door.open()
    try await logout.value
    _ = try await caller.value
    #expect(service.refreshes.count == 1)
  }

  @Test("a logout that fails or is cancelled lets refreshes go on", arguments: [true, false])
  func logoutFails(isCancelled: Bool) async throws {
    let service = slowToLogOut(failing: TransportError(kind: .reset, message: "gone", mayHaveBeenSent: true))
    let client = try service.client()
    let logout = Task { try await client.auth.logout() }
    try await door.untilWaiting()
    time.advance(by: .seconds(1_000))
    let caller = Task { try await client.actor.context() }
    try await time.untilSleeping()
    if isCancelled { logout.cancel() } else { door.open() }
    guard case .failure = await logout.result else { throw Failure() }
    _ = try await caller.value
    #expect(service.carried.last == "access-2")
  }

  @Test("a session set while a logout is under way is refreshed without waiting for it")
  func sessionSetDuringLogout() async throws {
    let service = slowToLogOut()
    let client = try service.client(session: TokenService.pair(7))
    let logout = Task { try await client.auth.logout() }
    try await door.untilWaiting()
    try client.setSession(service.pair)
    service.revokeAccessToken()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 1)
    door.open()
    try await logout.value
    service.revokeAccessToken()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 2)
  }

  @Test("a second logout waits for the first")
  func twice() async throws {
    let service = slowToLogOut()
    let client = try service.client()
    let first = Task { try await client.auth.logout() }
    try await door.untilWaiting()
    let second = Task { try await client.auth.logout() }
    try await time.untilSleeping()
    #expect(service.calls.count == 1)
    door.open()
    try await first.value
    try await second.value
    #expect(service.calls.count == 2)
  }

  private struct Failure: Error {}
}
