import PlystraCore
import PlystraTesting
import TestSupport

/// A client of a kernel, and the two questions that the demo data answers.
struct WorldClient: Sendable {
  let kernel: InMemoryKernel
  let plystra: PlystraClient

  init(_ kernel: InMemoryKernel, retryPolicy: PlystraClient.RetryPolicy = .never) throws {
    self.kernel = kernel
    plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_kernel_secret",
      configuration: PlystraClient.Configuration(
        deadline: .patience * 4, attemptTimeout: .patience * 4, retryPolicy: retryPolicy),
      transport: kernel)
  }

  static let reviewer = ActorContext(
    userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
    bindingID: "um_alice_finance_reviewer")

  static func approval(
    of invoice: String = "invoice_001", as actor: ActorContext = reviewer
  ) -> AuthorizationRequest {
    AuthorizationRequest(
      actor: actor, resourceType: "invoice", resourceID: invoice, action: "approve")
  }

  func check(_ invoice: String = "invoice_001") async throws -> Decision {
    try await plystra.authz.check(Self.approval(of: invoice))
  }
}
