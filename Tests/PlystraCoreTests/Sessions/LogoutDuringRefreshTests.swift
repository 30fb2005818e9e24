import TestSupport
import Testing

@testable import PlystraCore

/// What becomes of a logout that has to wait for a refresh of the same session.
@Suite("Sessions: a logout during a refresh", .timeLimit(.minutes(minutesOfAHang)))
struct LogoutDuringRefreshTests {
  private let time = ManualTime()
  private let door = Door()

  /// A service whose refresh is answered after the door is open.
  private func service(_ answer: TokenService.Answer? = nil) -> TokenService {
    TokenService(
      time,
      refreshAnswer: { [door] _ in
        try? await door.pass()
        return answer
      })
  }

  /// A logout that waits for a refresh, which some other call started.
  private func logout(
    _ client: PlystraClient, by token: String?, caller: PlystraClient? = nil
  ) async throws -> Task<Void, any Error> {
    time.advance(by: .seconds(1_000))
    Task { try? await (caller ?? client).actor.context() }
    try await door.untilWaiting()
    try await time.untilSleeping()
    let logout = Task { try await client.auth.logout(refreshToken: token.map { Secret($0) }) }
    try await time.untilSleeping(2)
    return logout
  }

  private func logoutBodies(_ service: TokenService) -> [String?] {
    service.calls.filter { $0.url.hasSuffix("/auth/logout") }.map(\.text)
  }

  @Test("Row 64: the session that the refresh makes is ended", arguments: [nil, "refresh-1"])
  func endsTheNewSession(token: String?) async throws {
    let service = service()
    let logout = try await logout(service.client(), by: token)
    door.open()
    try await logout.value
    #expect(logoutBodies(service) == [#"{"refresh_token":"refresh-2"}"#])
  }

  @Test(
    "a refresh that ends the session, or whose outcome is unknown, is the error of the logout",
    arguments: [nil, "refresh-1"], [ErrorCode.sessionExpired, .sessionUncertain])
  func failedRefresh(token: String?, code: ErrorCode) async throws {
    let service = service { _ in
      if code == .sessionExpired { return try TokenService.answer("error.401.session-expired", 401) }
      throw TransportError(kind: .reset, message: "gone", mayHaveBeenSent: true)
    }
    let logout = try await logout(service.client(), by: token)
    door.open()
    let error = try await plystraError { try await logout.value }
    #expect(error.code == code)
    #expect(error.kind == .credentials)
    #expect(error.operation == "auth.logout")
    #expect(logoutBodies(service).isEmpty)
  }

  @Test("a refresh that did not happen leaves the token that the logout ends", arguments: [nil, "refresh-1"])
  func postponedRefresh(token: String?) async throws {
    let service = service { _ in try TokenService.answer("error.503", 503) }
    let logout = try await logout(service.client(), by: token)
    door.open()
    try await logout.value
    #expect(logoutBodies(service) == [#"{"refresh_token":"refresh-1"}"#])
  }

  @Test(
    "a session that is set meanwhile is left alone, and the one that the logout was called for is ended",
    arguments: [nil, "refresh-1"])
  func replacedSession(token: String?) async throws {
    let service = service()
    let client = try service.client()
    let logout = try await logout(client, by: token)
    try client.setSession(TokenService.pair(7))
    door.open()
    try await logout.value
    #expect(logoutBodies(service) == [#"{"refresh_token":"refresh-2"}"#])
  }

  @Test("the time spent waiting counts against the deadline of the logout")
  func deadline() async throws {
    let service = service()
    let client = try service.client()
    let logout = try await logout(client.with(deadline: .seconds(10)), by: "refresh-1", caller: client)
    time.advance(by: .seconds(7))
    door.open()
    try await logout.value
    let sent = service.calls.first { $0.url.hasSuffix("/auth/logout") }
    #expect(sent?.timeout == .seconds(3))
  }

  @Test("a logout whose deadline passes while it waits says so, and sends nothing")
  func deadlinePasses() async throws {
    let service = service()
    let client = try service.client()
    let patient = client.with(deadline: .seconds(100))
    let logout = try await logout(client.with(deadline: .seconds(10)), by: nil, caller: patient)
    time.advance(by: .seconds(10))
    let error = try await plystraError { try await logout.value }
    #expect(error.kind == .timeout)
    #expect(error.operation == "auth.logout")
    #expect(logoutBodies(service).isEmpty)
    door.open()
  }

  @Test(
    "a token that the session had before it was refreshed ends the session too",
    arguments: ["refresh-1", "refresh-2", "refresh-3"])
  func formerToken(token: String) async throws {
    let service = TokenService(time)
    let client = try service.client()
    for _ in 0..<2 {
      time.advance(by: .seconds(1_000))
      _ = try await client.actor.context()
    }
    try await client.auth.logout(refreshToken: token)
    #expect(logoutBodies(service) == [#"{"refresh_token":"refresh-3"}"#])
  }
}
