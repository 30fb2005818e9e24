import PlystraCore
import PlystraTesting
import Testing

/// A world that is kept and put back.
@Suite struct SnapshotTests {
  @Test func whatHappenedSinceHasNotHappened() async throws {
    let world = try WorldClient(InMemoryKernel())
    _ = try await world.check()
    let before = world.kernel.snapshot()
    try world.kernel.revoke(.member("member_finance_reviewer"))
    world.kernel.fail(next: 3, of: .systemHealth, with: .status(500))
    _ = try await world.check()
    world.kernel.restore(before)
    #expect(world.kernel.auditLog.count == 1)
    #expect(world.kernel.plannedFailureCount == 0)
    #expect(try await world.check().isAllowed)
  }

  @Test func sessionsComeBackToo() async throws {
    let world = try WorldClient(InMemoryKernel())
    let session = try await world.plystra.auth.login(email: "alice@example.com", password: "plystra-demo")
    let tokens = session.tokens
    let before = world.kernel.snapshot()
    _ = try await world.plystra.auth.logout(refreshToken: tokens.refreshToken)
    try world.plystra.setAccessToken(tokens.accessToken)
    await #expect(throws: PlystraError.self) { try await world.plystra.actor.context() }
    world.kernel.restore(before)
    #expect(try await world.plystra.actor.context().actor?.userID == "user_alice")
  }

  @Test func seededIDsComeAgain() async throws {
    let world = try WorldClient(InMemoryKernel(ids: .seeded(1)))
    _ = try await world.check()
    let before = world.kernel.snapshot()
    let first = try await world.plystra.withRequestID("req_1").authz.check(WorldClient.approval())
    world.kernel.restore(before)
    let second = try await world.plystra.withRequestID("req_1").authz.check(WorldClient.approval())
    #expect(first == second)
  }

  @Test func aWorldCanBeGivenToAnotherKernel() async throws {
    let first = try WorldClient(InMemoryKernel())
    try first.kernel.revoke(.space("space_acme"))
    let second = try WorldClient(InMemoryKernel())
    second.kernel.restore(first.kernel.snapshot())
    #expect(try await second.check().denyCode == .spaceInactive)
  }

  @Test func printsNothingOfWhatItHolds() async throws {
    let world = try WorldClient(InMemoryKernel())
    _ = try await world.check()
    let snapshot = world.kernel.snapshot()
    var text = ""
    dump(snapshot, to: &text)
    for shown in [text, String(describing: snapshot), String(reflecting: snapshot)] {
      #expect(!shown.contains("ply_") && !shown.contains("alice"))
    }
  }
}
