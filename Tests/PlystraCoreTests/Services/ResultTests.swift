import Foundation
import PlystraCore
import TestSupport
import Testing

@Suite("What each call makes of its answer")
struct ResultTests {
  private let requestID = "req_01hzyj6b6q8"

  private func client(_ fixture: String, status: Int = 200) throws -> PlystraClient {
    try Sample.client(ScriptedTransport(.fixture(fixture, status: status)))
  }

  @Test func system() async throws {
    #expect(try await client("health").system.health() == Health(status: "ok"))
    let ready = try await client("ready").system.ready()
    #expect(ready.status == "ready")
    #expect(ready.systemCapabilities == ["authorization.resource": "ready"])
    let version = try await client("version").system.version()
    #expect(version.version == "0.0.1")
    #expect(version.apiVersion == "v1")
    let capabilities = try await client("capabilities").system.capabilities()
    #expect(capabilities.first?.name == "audit.explainable")
    #expect(capabilities.requestID == requestID)
    #expect(
      try await client("capabilities.names").system.capabilities().map(\.name).last == "audit.explainable")
  }

  @Test func auth() async throws {
    let session = try await client("auth-login").auth.login(email: "a", password: "b")
    #expect(session.user.id == "user_alice")
    #expect(session.tokens.accessToken.withExposedValue { $0.hasPrefix("ply_at_a1") })
    #expect(session.availableMembers.map(\.userMemberID) == ["um_alice_finance_reviewer"])
    let tokens = try await client("auth-refresh").auth.refresh(refreshToken: "x")
    #expect(tokens.refreshToken.withExposedValue { $0.hasPrefix("ply_rt_b2") })
    #expect(tokens.expiresAt == FakeTime.wallClock.addingTimeInterval(900))
    try await client("auth-logout").auth.logout(refreshToken: "x")
    let registration = try await client("auth-register", status: 201).auth.register(
      RegistrationRequest(email: "a", password: "b"))
    #expect(registration.session?.user.id == "user_founder")
    let userOnly = try await client("auth-register.user-only", status: 201).auth.register(
      RegistrationRequest(email: "a", password: "b"))
    #expect(userOnly.session == nil)
    #expect(userOnly.isUserOnly)
  }

  @Test func actor() async throws {
    let context = try await client("actor-context").actor.context()
    #expect(context.sessionID == "sess_1")
    #expect(context.actor?.memberID == "member_finance_reviewer")
    let switched = try await client("actor-switch-member").actor.switchMember(memberID: "m")
    #expect(switched.sessionID == nil)
    #expect(switched.actor?.userMemberID == "um_alice_finance_reviewer")
  }

  @Test func lists() async throws {
    let types = try await client("resource-types").resourceTypes.list()
    #expect(types.map(\.key) == ["invoice", "expense_report"])
    #expect(types.limit == 50)
    #expect(types.cursor == nil)
    #expect(!types.hasMore)
    #expect(types.requestID == requestID)
    #expect(try await client("audit-list.200").audit.list().count == 200)
    let empty = try await client("audit-list.null").audit.list()
    #expect(empty.isEmpty)
    #expect(empty.limit == 50)
    #expect(try await client("audit-detail").audit.get("x").trace?.decision == .allow)
  }

  @Test func decisions() async throws {
    let allowed = try await client("authz-check.allow").authz.check(Sample.question)
    #expect(try allowed.requireAllowed().auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(allowed.requestID == requestID)
    #expect(allowed.trace == nil)

    let denied = try await client("authz-check.deny").authz.check(Sample.question)
    #expect(!denied.isAllowed)
    #expect(denied.denyCode == .scopeOutOfBounds)
    #expect(throws: AccessDenied(decision: denied)) { try denied.requireAllowed() }

    for form in ["authz-explain.allow", "authz-explain.flat"] {
      let explained = try await client(form).authz.explain(Sample.question)
      #expect(explained.isAllowed)
      #expect(explained.auditLogID == "audit_9f1c2e4b7a6d5c30")
      #expect(explained.trace?.matchedCandidates.count == 3)
    }
    let unregistered = try await client("authz-explain.unregistered").authz.explain(Sample.question)
    #expect(unregistered.denyCode == .invalidResourceType)
    #expect(unregistered.trace?.matchedCandidates.isEmpty == true)
  }

  @Test("a decision's request id is the envelope's, the header's, or the call's")
  func decisionRequestID() async throws {
    let body = #"{"data":{"allow":true,"decision":"allow"}}"#
    let transport = ScriptedTransport(
      .answer(200, body, headers: ["x-request-id": "req_header"]), .answer(200, body))
    let client = try Sample.client(transport, configuration: .anyID)
    #expect(try await client.authz.check(Sample.question).requestID == "req_header")
    #expect(try await client.authz.check(Sample.question).requestID == Sample.requestID)
  }

  @Test("a logout that ended nothing is an error")
  func logoutRefused() async throws {
    let transport = ScriptedTransport(
      .failure(.resolve, sent: false), .answer(200, #"{"data":{"logged_out":false},"request_id":"r9"}"#))
    let client = try Sample.client(transport, configuration: .anyID)
    let error = try await plystraError { try await client.auth.logout(refreshToken: "ply_rt_x") }
    #expect(error.kind == .decoding)
    #expect(error.operation == "auth.logout")
    #expect(error.status == 200)
    #expect(error.requestID == "r9")
    #expect(error.attempts == 2)
  }
}
