import TestSupport
import Testing

@testable import PlystraCore

@Suite(
  "Sessions: the answer to the refresh is lost or of no use", .timeLimit(.minutes(minutesOfAHang)))
struct LostRefreshTests {
  private let time = ManualTime()

  private struct Foreign: Error {}

  /// A way to lose the answer.
  struct Loss: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: TokenService.Answer

    init(_ name: String, _ answer: @escaping TokenService.Answer) {
      testDescription = name
      self.answer = answer
    }

    static func failure(_ kind: TransportError.Kind) -> Loss {
      Loss("\(kind)") { _ in throw TransportError(kind: kind, message: "lost", mayHaveBeenSent: true) }
    }

    static func answer(_ status: Int, _ body: String) -> Loss {
      Loss("\(status) \(body.prefix(40))") { _ in TransportResponse(status: status, body: Array(body.utf8)) }
    }

    static func pair(_ access: String, _ refresh: String) -> Loss {
      answer(200, #"{"data":{"access_token":"\#(access)","refresh_token":"\#(refresh)"}}"#)
    }

    static let html = "<html>sorry</html>"
    static let all = [
      failure(.reset), failure(.timeout), failure(.truncated), failure(.protocolViolation),
      failure(.responseTooLarge), failure(.other), failure(.connect),
      Loss("an error of another type") { _ in throw Foreign() },
      answer(500, #"{"error":{"code":"INTERNAL_ERROR","message":"failed"}}"#), answer(502, html),
      answer(504, ""), answer(500, html), answer(501, ""), answer(302, ""), answer(404, "not found"),
      answer(200, html), answer(200, ""), answer(204, ""), answer(401, html), answer(403, html),
      answer(200, #"{"data":{"access_token":"new-a","refresh_"#), answer(200, #"{"data":null}"#),
      answer(200, #"{"data":{"access_token":"new-a"}}"#),
      answer(200, #"{"error":{"code":"SESSION_EXPIRED"}}"#),
      pair("", "new-r"), pair("new-a", ""), pair(#"new-a\n"#, "new-r"), pair("new-a", #"new-r\r\nX: y"#),
      pair("new a", "new-r"), pair("new-ä", "new-r"),
    ]
  }

  @Test("Row 23: no second refresh; SESSION_UNCERTAIN until new tokens are set", arguments: Loss.all)
  func uncertain(loss: Loss) async throws {
    let service = TokenService(time, refreshAnswer: { _ in loss.answer })
    let client = try service.client(apiKey: "key")
    time.advance(by: .seconds(1_000))
    let first = try await plystraError { try await client.actor.context() }
    #expect(first.code == .sessionUncertain)
    #expect(first.kind == .credentials)
    #expect(first.operation == "actor.context")
    #expect(!first.isRetryable)
    #expect(first.attempts == 0)
    #expect(!leaks(first, "new-") && !leaks(first, "refresh-1") && !leaks(first, "access-1"))

    time.advance(by: .seconds(100_000))
    let copy = try client.withRequestID("req_mine")
    let later = try await plystraError { try await copy.actor.switchMember(memberID: "m1") }
    #expect(later.code == .sessionUncertain)
    #expect(later.operation == "actor.switchMember")
    #expect(later.requestID == "req_mine")
    let logout = try await plystraError { try await client.auth.logout() }
    #expect(logout.kind == .invalidRequest)
    #expect(service.refreshes.count == 1)
    #expect(service.calls.isEmpty)

    // The API key serves where it always did.
    _ = try await client.authz.check(Sample.question)
    try client.setSession(service.login())
    _ = try await client.actor.context()
    #expect(service.carried == ["key", "access-2"])
    #expect(service.refreshes.count == 1)
  }

  @Test("Row 23: after a refusal as well", arguments: [Loss.failure(.reset), .answer(500, "")])
  func afterRefusal(loss: Loss) async throws {
    let service = TokenService(time, refreshAnswer: { _ in loss.answer })
    service.revokeAccessToken()
    let client = try service.client()
    for attempts in [1, 0] {
      let error = try await plystraError { try await client.actor.context() }
      #expect(error.code == .sessionUncertain)
      #expect(error.attempts == attempts)
    }
    #expect(service.carried == ["access-1"])
    #expect(service.refreshes.count == 1)
  }

  @Test("Row 23: every waiter learns of it")
  func waiters() async throws {
    let door = Door()
    let service = TokenService(
      time,
      refreshAnswer: { _ in
        try? await door.pass()
        return Loss.failure(.reset).answer
      })
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 { group.addTask { await Self.code(of: client) } }
      try await door.untilWaiting()
      try await time.untilSleeping(100)
      door.open()
      for try await code in group { #expect(code == .sessionUncertain) }
    }
    #expect(service.refreshes.count == 1)
    #expect(service.calls.isEmpty)
  }

  @Test("Row 23: a late refusal of the old token does not bring them back")
  func lateRefusal() async throws {
    let door = Door()
    let service = TokenService(
      time, beforeCall: { if $0 == 1 { try await door.pass() } },
      refreshAnswer: { _ in Loss.failure(.reset).answer })
    service.revokeAccessToken()
    let client = try service.client()
    async let late = Self.code(of: client)
    try await door.untilWaiting()
    #expect(await Self.code(of: client) == .sessionUncertain)
    door.open()
    #expect(await late == .sessionUncertain)
    #expect(service.refreshes.count == 1)
    #expect(service.carried == ["access-1", "access-1"])
  }

  @Test("Row 23: the cause is kept beneath")
  func cause() async throws {
    let service = TokenService(time, refreshAnswer: { _ in Loss.failure(.reset).answer })
    service.revokeAccessToken()
    let client = try service.client()
    let error = try await plystraError { try await client.actor.context() }
    let cause = try #require(error.underlyingError as? PlystraError)
    #expect(cause.operation == "auth.refresh")
    #expect(cause.requestID == service.refreshes.first?.headers["X-Request-ID"])
    #expect((cause.underlyingError as? TransportError)?.kind == .reset)
  }

  private static func code(of client: PlystraClient) async -> ErrorCode? {
    do {
      _ = try await client.actor.context()
      return nil
    } catch { return (error as? PlystraError)?.code }
  }
}
