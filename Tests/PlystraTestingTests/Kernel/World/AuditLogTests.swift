import PlystraCore
import PlystraTesting
import Testing

/// `kernel.auditLog`: what was decided, as the client's own type.
@Suite struct AuditLogTests {
  @Test func showsEveryDecisionInOrder() async throws {
    let world = try WorldClient(InMemoryKernel())
    #expect(world.kernel.auditLog.isEmpty)
    let allowed = try await world.plystra.withRequestID("req_first").authz.check(WorldClient.approval())
    let denied = try await world.check("invoice_002")
    let log = world.kernel.auditLog
    #expect(log.map(\.id) == [allowed.auditLogID, denied.auditLogID])
    #expect(log.map(\.decision) == [.allow, .deny])
    #expect(log.map(\.denyCode) == [nil, .scopeOutOfBounds])
    #expect(log.first?.requestID == "req_first")
    #expect(log.map(\.trace?.traceID) == [allowed.traceID, denied.traceID])
  }

  @Test func isWhatAClientReads() async throws {
    let world = try WorldClient(InMemoryKernel())
    _ = try await world.check("invoice_002")
    let row = try #require(world.kernel.auditLog.first)
    #expect(try await world.plystra.audit.get(row.id) == row)
  }
}
