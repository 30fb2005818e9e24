import Foundation
import PlystraCore
import PlystraTesting
import Testing

/// A clock that a test moves, and what expires by it.
@Suite struct ClockTests {
  private static func demo(at start: String) throws -> KernelClock {
    KernelClock(try #require(Timestamp.date(from: start)))
  }

  @Test func standsStillUntilItIsMoved() {
    let start = Date(timeIntervalSince1970: 1_000)
    let clock = KernelClock(start)
    #expect(clock.now == start)
    clock.advance(by: .milliseconds(1_500))
    #expect(clock.now == start + 1.5)
    clock.advance(by: .seconds(-2))
    #expect(clock.now == start - 0.5)
    clock.now = start
    #expect(clock.now == start)
  }

  @Test func anAccessTokenDiesByIt() async throws {
    let clock = KernelClock()
    let world = try WorldClient(InMemoryKernel(clock: clock))
    let session = try await world.plystra.auth.login(email: "alice@example.com", password: "plystra-demo")
    try world.plystra.setAccessToken(session.tokens.accessToken)
    clock.advance(by: .seconds(15 * 60 - 1))
    #expect(try await world.plystra.actor.context().actor?.userID == "user_alice")
    clock.advance(by: .seconds(1))
    let error = await #expect(throws: PlystraError.self) { try await world.plystra.actor.context() }
    #expect(error?.code == .authenticationRequired)
  }

  @Test func aBindingExpiresByIt() async throws {
    let clock = try Self.demo(at: "2026-05-04T23:59:59Z")
    let world = try WorldClient(InMemoryKernel(clock: clock))
    var actor = WorldClient.reviewer
    actor.bindingID = "um_alice_finance_reviewer_expired"
    let request = WorldClient.approval(as: actor)
    #expect(try await world.plystra.authz.check(request).isAllowed)
    clock.advance(by: .seconds(1))
    #expect(try await world.plystra.authz.check(request).denyCode == .userMemberExpired)
  }

  @Test func auditRowsAreDatedByIt() async throws {
    let clock = try Self.demo(at: "2026-05-06T00:15:00.75Z")
    let world = try WorldClient(InMemoryKernel(clock: clock))
    _ = try await world.check()
    #expect(world.kernel.auditLog.first?.createdAt == Timestamp.date(from: "2026-05-06T00:15:00Z"))
  }
}
