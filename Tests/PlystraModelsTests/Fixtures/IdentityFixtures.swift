import PlystraCore
import PlystraModels
import Testing

/// The sample bodies of registration, sessions and actors.
enum IdentityFixtures {
  static let checks: [String: FixtureCheck] = [
    "auth-login": login, "auth-refresh": refresh, "auth-logout": logout, "auth-register": register,
    "auth-register.user-only": registerUserOnly, "actor-context": actorContext,
    "actor-switch-member": switchMember,
  ]

  private static let alice = ActorIdentity(
    userID: "user_alice", memberID: "member_finance_reviewer", userMemberID: "um_alice_finance_reviewer",
    spaceID: "space_acme")

  private static func checkAliceBinding(_ members: [MemberBinding]) throws {
    #expect(members.count == 1)
    let member = try #require(members.first)
    #expect(member.userMemberID == "um_alice_finance_reviewer")
    #expect(member.userID == "user_alice")
    #expect(member.userEmail == "alice@example.com")
    #expect(member.memberID == "member_finance_reviewer")
    #expect(member.memberDisplayName == "Finance Reviewer")
    #expect(member.spaceID == "space_acme")
    #expect(member.spaceName == "Acme")
    #expect(member.relationType == "delegate")
    #expect(member.isPrimary)
  }

  private static func check(_ tokens: TokenPair) {
    let access = "ply_at_" + String(repeating: "a1", count: 32)
    let refresh = "ply_rt_" + String(repeating: "b2", count: 32)
    #expect(tokens.accessToken.withExposedValue { $0 == access })
    #expect(tokens.refreshToken.withExposedValue { $0 == refresh })
    #expect(tokens.tokenType == "Bearer")
    #expect(tokens.expiresAt.map(Timestamp.text) == "2026-05-06T00:15:00Z")
    #expect(tokens.refreshExpiresAt.map(Timestamp.text) == "2026-06-05T00:00:00Z")
  }

  @Sendable static func login(_ body: [UInt8]) throws {
    let session = try data(UserSession.self, in: body)
    check(session.tokens)
    #expect(session.user == UserAccount(id: "user_alice", email: "alice@example.com", status: "active"))
    #expect(session.actor == alice)
    try checkAliceBinding(session.availableMembers)
    try expectLossless(session, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func refresh(_ body: [UInt8]) throws {
    let tokens = try data(TokenPair.self, in: body)
    check(tokens)
    try expectLossless(tokens, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func logout(_ body: [UInt8]) throws {
    #expect(try data(JSONValue.self, in: body) == ["logged_out": true])
  }

  @Sendable static func register(_ body: [UInt8]) throws {
    let registration = try data(Registration.self, in: body)
    check(try #require(registration.tokens))
    #expect(
      registration.user == UserAccount(id: "user_founder", email: "founder@example.com", status: "active"))
    #expect(
      registration.actor
        == ActorIdentity(
          userID: "user_founder", memberID: "member_founder", userMemberID: "um_founder",
          spaceID: "space_default"))
    #expect(
      registration.availableMembers == [
        MemberBinding(
          userMemberID: "um_founder", userID: "user_founder", userEmail: "founder@example.com",
          memberID: "member_founder", memberDisplayName: "Founder", spaceID: "space_default",
          spaceName: "Founder Space", relationType: "login", isPrimary: true)
      ])
    #expect(!registration.bootstrapSuperAdmin)
    #expect(registration.spaceAdminGrantID == "grant_1")
    #expect(registration.registrationMode == "ordinary")
    #expect(!registration.isUserOnly)
    #expect(!registration.requiresApproval)
    let session = try #require(registration.session)
    check(session.tokens)
    #expect(session.user == registration.user && session.actor == registration.actor)
    #expect(session.availableMembers == registration.availableMembers)
    try expectLossless(registration, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func registerUserOnly(_ body: [UInt8]) throws {
    let registration = try data(Registration.self, in: body)
    #expect(registration.tokens == nil && registration.session == nil)
    #expect(registration.user == UserAccount(id: "user_new", email: "new@example.com", status: "active"))
    #expect(registration.actor == nil)
    #expect(registration.availableMembers.isEmpty)
    #expect(!registration.bootstrapSuperAdmin)
    #expect(registration.spaceAdminGrantID == nil)
    #expect(registration.registrationMode == "public_user_only")
    #expect(registration.isUserOnly)
    #expect(registration.requiresApproval)
    try expectLossless(registration, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func actorContext(_ body: [UInt8]) throws {
    let session = try data(ActorSession.self, in: body)
    #expect(session.sessionID == "sess_1")
    #expect(session.actor == alice)
    try checkAliceBinding(session.availableMembers)
    #expect(session.expiresAt.map(Timestamp.text) == "2026-05-06T00:15:00Z")
    try expectLossless(session, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func switchMember(_ body: [UInt8]) throws {
    let session = try data(ActorSession.self, in: body)
    #expect(session.sessionID == nil)
    #expect(session.actor == alice)
    try checkAliceBinding(session.availableMembers)
    #expect(session.expiresAt == nil)
    try expectLossless(session, from: JSONValue(parsing: body)["data"])
  }
}
