import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Kernels share nothing: what a thousand tests do at once, each does as if it were alone.
@Suite struct ParallelKernelTests {
  @Test(arguments: 0..<Sanitizer.crowd(1_000))
  func aKernelIsAloneInItsWorld(number: Int) async throws {
    let clock = KernelClock()
    let world = try WorldClient(InMemoryKernel(clock: clock, ids: .seeded(UInt64(number))))
    let expected = number.isMultiple(of: 2) ? DenyCode.userMemberRevoked : nil
    if expected != nil { try world.kernel.revoke(.userMember("um_alice_finance_reviewer")) }
    if number.isMultiple(of: 3) { world.kernel.fail(next: .systemHealth, with: .status(503)) }
    clock.advance(by: .seconds(number))

    #expect(try await world.check().denyCode == expected)
    #expect(try await world.check("invoice_002").denyCode == expected ?? .scopeOutOfBounds)
    let isHealthy = (try? await world.plystra.system.health()) != nil
    #expect(isHealthy != number.isMultiple(of: 3))
    #expect(world.kernel.auditLog.count == 2)
    #expect(world.kernel.plannedFailureCount == 0)
  }
}
