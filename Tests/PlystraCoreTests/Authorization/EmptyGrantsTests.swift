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

  @Test("without an actor it is refused, also when requests are not validated")
  func noActor() async throws {
    let request = AuthorizationRequest(resource: Self.invoice, grants: [], action: "approve")
    for validates in [true, false] {
      for credential in [(key: "key" as String?, token: nil as String?), (nil, "token")] {
        let transport = ScriptedTransport()
        let client = try Sample.client(
          transport, apiKey: credential.key, accessToken: credential.token,
          configuration: PlystraClient.Configuration(validatesRequests: validates))
        for error in [
          try await plystraError { try await client.authz.check(request) },
          try await plystraError { try await client.authz.explain(request) },
        ] {
          #expect(error.kind == .invalidRequest && error.message.hasPrefix("grants: "), "\(error)")
        }
        let all = try await plystraError { try await client.authz.checkAll([request]) }
        #expect(all.message.hasPrefix("requests[0].grants: "), "\(all)")
        #expect(transport.requests.isEmpty)
      }
    }
  }

  @Test("a client that validates nothing is denied as well")
  func notValidated() async throws {
    let client = try PlystraClient(
      baseURL: Sample.baseURL, apiKey: "ply_kernel_secret",
      configuration: PlystraClient.Configuration(validatesRequests: false), transport: InMemoryKernel())
    var request = AuthorizationRequest.inContext(
      actor: Self.alice, resource: Self.invoice, grants: [], action: "approve")
    for blank in [nil, "", " "] {
      request.actor?.userStatus = blank
      request.actor?.spaceName = blank
      #expect(try await client.authz.check(request).denyCode == .noMatchingPermission)
    }
    request.actor?.userStatus = "disabled"
    #expect(try await client.authz.check(request).denyCode == .actorUserInactive)
    // Without validation, the service is what refuses.
    let error = try await plystraError {
      try await client.authz.check(AuthorizationRequest(action: "approve"))
    }
    #expect(error.kind == .api && error.code == .validationFailed)
  }
}
