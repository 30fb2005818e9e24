// Shown in the article "Testing your authorization".

import PlystraCore
import PlystraTesting
import Testing

// example: begin
/// The code under test: what is denied is not carried out.
struct InvoiceDesk {
  let plystra: PlystraClient

  func approve(_ invoiceID: String, as actor: ActorContext) async throws -> String {
    let decision = try await plystra.authz.check(
      AuthorizationRequest(
        actor: actor, resourceType: "invoice", resourceID: invoiceID, action: "approve"))
    try decision.requireAllowed()
    return "\(invoiceID) is approved, see \(decision.auditLogID ?? "")"
  }
}

@Suite struct InvoiceDeskTests {
  private let reviewer = ActorContext(
    userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
    bindingID: "um_alice_finance_reviewer")

  @Test func aDeniedApprovalIsNotCarriedOut() async throws {
    let mock = MockTransport {
      $0.on(.authzCheck.with(body: ["resource_id": "invoice_002"]))
        .answer(.decision(.deny(.scopeOutOfBounds)))
    }
    let desk = InvoiceDesk(
      plystra: try PlystraClient(
        baseURL: "https://plystra.test", apiKey: "ply_ak_test.secret", transport: mock))

    let denied = await #expect(throws: AccessDenied.self) {
      try await desk.approve("invoice_002", as: reviewer)
    }

    #expect(denied?.decision.denyCode == .scopeOutOfBounds)
    #expect(mock.requests.first?.body?["action"] == "approve")
    try mock.verify()  // every rule was asked, and nothing else
  }
}
// example: end
