import PlystraCore
import PlystraTesting
import Testing

/// What a test takes away from a running kernel, and who notices.
@Suite struct RevocationTests {
  @Test(arguments: [
    (KernelRevocation.userMember("um_alice_finance_reviewer"), DenyCode.userMemberRevoked),
    (.member("member_finance_reviewer"), .actorMemberInactive), (.user("user_alice"), .actorUserInactive),
    (.space("space_acme"), .spaceInactive),
    (.grant(of: "finance_approver", to: "member_finance_reviewer"), .noMatchingPermission),
    (.grant(of: "role_finance_approver", to: "member_finance_reviewer"), .noMatchingPermission),
  ])
  func deniesFromTheNextRequestOn(revocation: KernelRevocation, code: DenyCode) async throws {
    let world = try WorldClient(InMemoryKernel())
    #expect(try await world.check().isAllowed)
    try world.kernel.revoke(revocation)
    #expect(try await world.check().denyCode == code)
  }

  @Test func anAPIKeyIsRefused() async throws {
    let world = try WorldClient(InMemoryKernel())
    try world.kernel.revoke(.apiKey("ply_kernel_secret"))
    let error = await #expect(throws: PlystraError.self) { try await world.check() }
    #expect(error?.status == 401)
  }

  @Test func theSessionsOfAUserEnd() async throws {
    let world = try WorldClient(InMemoryKernel())
    func session(of email: String) async throws -> PlystraClient {
      let session = try await world.plystra.auth.login(email: email, password: "plystra-demo")
      return try PlystraClient(
        baseURL: "http://localhost", session: session.tokens, transport: world.kernel)
    }
    let alice = try await session(of: "alice@example.com")
    let bob = try await session(of: "bob@example.com")
    try world.kernel.revoke(.sessions(of: "user_alice"))
    let error = await #expect(throws: PlystraError.self) { try await alice.actor.context() }
    #expect(error?.code == .sessionExpired)
    #expect(try await bob.actor.context().actor?.userID == "user_bob")
  }

  @Test func aRevokedUserCannotLogIn() async throws {
    let world = try WorldClient(InMemoryKernel())
    try world.kernel.revoke(.user("user_bob"))
    let error = await #expect(throws: PlystraError.self) {
      try await world.plystra.auth.login(email: "bob@example.com", password: "plystra-demo")
    }
    #expect(error?.code == .authenticationRequired)
  }

  @Test(arguments: [
    (
      KernelRevocation.member("member_x"), #"there is no member "member_x"; known: member_finance_reviewer"#
    ),
    (.user("x"), #"there is no user "x"; known: user_alice, user_bob"#),
    (.space("x"), #"there is no space "x"; known: space_acme"#),
    (
      .grant(of: "auditor", to: "member_finance_reviewer"),
      #"there is no role of the member member_finance_reviewer "auditor"; known: finance_approver"#
    ),
    (.sessions(of: "user_bob"), #"the user "user_bob" has no session"#),
    (.apiKey("ply_ak_canary.secret"), "the API key is none of the 1 that are known"),
  ])
  func whatIsNotThereIsAnError(revocation: KernelRevocation, complaint: String) {
    let error = #expect(throws: KernelRevocationError.self) {
      try InMemoryKernel().revoke(revocation)
    }
    #expect(error?.description == complaint)
    #expect(!String(reflecting: revocation).contains("canary"))
  }
}
