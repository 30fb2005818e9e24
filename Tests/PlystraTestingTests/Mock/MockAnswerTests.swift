import Foundation
import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Every call of the SDK can be answered by one of its own models.
@Suite struct MockAnswerTests {
  private let tokens = TokenPair(
    accessToken: Secret("ply_at_1"), refreshToken: Secret("ply_rt_1"),
    expiresAt: Date(timeIntervalSince1970: 1_800_000_000))

  private func client(_ answer: MockAnswer) throws -> PlystraClient {
    try .testing(MockTransport { $0.script(answer) })
  }

  @Test func answersTheCallsAboutTheService() async throws {
    #expect(try await client(.health()).system.health() == Health(status: "ok"))
    let readiness = Readiness(status: "ready", systemCapabilities: ["audit": "ready"])
    #expect(try await client(.ready(readiness)).system.ready() == readiness)
    let version = ServerVersion(version: "1.2.3", apiVersion: "v1")
    #expect(try await client(.version(version)).system.version() == version)
    let capability = Capability(name: "audit.explainable")
    #expect(
      try await client(.capabilities([capability])).system.capabilities().items == [capability])
    let type = ResourceType(id: "rt_1", key: "invoice", metadata: ["a": 1])
    let types = try await client(.resourceTypes([type])).resourceTypes.list()
    #expect(types.items == [type])
  }

  @Test func answersTheCallsAboutSessions() async throws {
    let session = UserSession(tokens: tokens, user: UserAccount(id: "user_1", email: "a@example.com"))
    #expect(try await client(.session(session)).auth.login(email: "a", password: "b") == session)
    let made = try await client(.session(for: "user_2")).auth.login(email: "a", password: "b")
    #expect(made.user.id == "user_2" && made.actor?.userID == "user_2")
    #expect(try #require(made.tokens.expiresAt) > Date())
    #expect(try await client(.tokens(tokens)).auth.refresh(refreshToken: "ply_rt_0") == tokens)
    try await client(.loggedOut).auth.logout(refreshToken: "ply_rt_0")
    var registration = Registration(user: UserAccount(id: "user_3"))
    registration.tokens = tokens
    let request = RegistrationRequest(email: "c@example.com", password: "long-enough-1")
    #expect(try await client(.registration(registration)).auth.register(request) == registration)
    let actor = ActorSession(
      sessionID: "sess_1", actor: ActorIdentity(userID: "user_1", memberID: "member_1"),
      availableMembers: [MemberBinding(userMemberID: "um_1")])
    #expect(try await client(.actor(actor)).actor.context() == actor)
    #expect(try await client(.actor(actor)).actor.switchMember(memberID: "member_1") == actor)
  }

  @Test func answersDecisionsAsTheServiceWould() async throws {
    let allowed = try await client(.decision(.allow)).authz.check(.question())
    #expect(allowed.isAllowed && allowed.trace == nil && allowed.traceID != nil)
    #expect(allowed.audit?.actorMemberID == "member_finance_reviewer")
    #expect(allowed.audit?.resourceID == "invoice_001" && allowed.audit?.decision == .allow)

    let denied = try await client(.decision(.deny(.scopeOutOfBounds))).authz.explain(.question())
    #expect(!denied.isAllowed && denied.denyCode == .scopeOutOfBounds)
    #expect(denied.trace?.decision == .deny && denied.trace?.target.resource.id == "invoice_001")
    #expect(denied.trace?.actor.member.id == "member_finance_reviewer")

    var trace = DecisionTrace()
    trace.decision = .allow
    trace.reason = "a reason"
    let own = Decision(effect: .allow, trace: trace)
    #expect(try await client(.decision(own)).authz.check(.question()).trace?.reason == "a reason")

    let odd = try await client(.decision(Decision(effect: "maybe"))).authz.check(.question())
    #expect(!odd.isAllowed && odd.effect == "maybe")
    // What contradicts itself stays an error through the mock too.
    let contradiction = Decision(effect: .allow, denyCode: .scopeOutOfBounds)
    let error = try await #require(throws: PlystraError.self) {
      try await client(.decision(contradiction)).authz.check(.question())
    }
    #expect(error.kind == .decoding)
  }

  @Test func answersAuditRows() async throws {
    let row = AuditLogEntry(
      id: "audit_1", action: "invoice.approve", decision: .deny, denyCode: .scopeOutOfBounds,
      createdAt: Date(timeIntervalSince1970: 1_700_000_000))
    #expect(try await client(.auditEntry(row)).audit.get("audit_1") == row)
    let page = try await client(.auditPage([row, row], limit: 2, cursor: "next")).audit.list()
    #expect(page.items == [row, row] && page.limit == 2 && page.cursor == "next" && page.hasMore)
    let last = try await client(.auditPage([])).audit.list()
    #expect(last.items.isEmpty && !last.hasMore && last.cursor == nil)
  }

  @Test(arguments: [
    (ErrorCode.validationFailed, 400), (.authenticationRequired, 401), (.sessionExpired, 401),
    (.adminPermissionRequired, 403), (.inlineContextRequiresAPIKey, 403), (.activeMemberRequired, 403),
    (.auditLogNotFound, 404), ("THING_NOT_FOUND", 404), (.methodNotAllowed, 405), (.authRateLimited, 429),
    (.internalError, 500), (.notReady, 503), ("SOMETHING_NEW", 400),
  ])
  func answersErrorsWithTheirStatus(_ code: ErrorCode, _ status: Int) async throws {
    let answer = MockAnswer.error(
      code, message: "Words.", details: ["n": 1], denyCode: .spaceInactive, retryAfter: .seconds(7))
    let error = try await #require(throws: PlystraError.self) {
      try await client(answer).withRequestID("req_1").system.capabilities()
    }
    #expect(error.kind == .api && error.code == code && error.status == status)
    #expect(error.message == "Words." && error.details == ["n": 1] && error.denyCode == .spaceInactive)
    #expect(error.retryAfter == .seconds(7) && error.requestID == "req_1")
  }

  @Test func answersWithWhateverIsGiven() async throws {
    let request = TransportRequest(method: "GET", url: "https://plystra.test/x?y=1")
    let mock = MockTransport()
    mock.script(
      .response(TransportResponse(status: 302, headers: ["Location": "/"])), .json([1, 2], status: 418),
      .status(200, text: "plain").with(headers: ["X-A": "1", "X-A": "2"]),
      .run { TransportResponse(status: 200, body: Array($0.url.utf8)) }, .forward(to: InMemoryKernel()))
    #expect(try await mock.send(request).headers["Location"] == "/")
    let json = try await mock.send(request)
    #expect(json.status == 418 && json.body == Array("[1,2]".utf8))
    let plain = try await mock.send(request)
    #expect(plain.headers.values(of: "x-a") == ["1", "2"] && plain.body == Array("plain".utf8))
    #expect(try await mock.send(request).body == Array(request.url.utf8))
    #expect(try await mock.send(request).status == 404)
    try mock.verify()
  }
}
