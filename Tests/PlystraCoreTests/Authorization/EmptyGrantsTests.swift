import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite("An empty list of grants is never judged by the service's own grants")
struct EmptyGrantsTests {
  /// Her stored grants allow this action on this invoice.
  private static let alice = ActorContext(
    userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
    userMemberID: "um_alice_finance_reviewer")
  private static let invoice = ResourceContext(
    type: "invoice", id: "invoice_001", spaceID: "space_acme", groupPath: "finance.apac")

  private func client() throws -> PlystraClient {
    try PlystraClient(baseURL: Sample.baseURL, apiKey: "ply_kernel_secret", transport: InMemoryKernel())
  }

  @Test("a member whose last grant was taken away is denied, although the service's own data would allow")
  func lastGrantTakenAway() async throws {
    let client = try client()
    let stored = AuthorizationRequest(actor: Self.alice, resource: Self.invoice, action: "approve")
    #expect(try await client.authz.check(stored).isAllowed)
    var directory = stored
    directory.grants = []
    let decision = try await client.authz.check(directory)
    #expect(!decision.isAllowed && decision.denyCode == .noMatchingPermission)
    let explained = try await client.authz.explain(directory)
    #expect(explained.denyCode == .noMatchingPermission && explained.trace?.matchedCandidates == [])
    #expect(try await client.authz.checkAll([directory, directory]).allSatisfy { !$0.isAllowed })
  }
}
