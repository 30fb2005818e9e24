// Shown in the article "Testing your authorization".

import PlystraCore
import PlystraTesting
import Testing

// example: begin
@Suite struct FaultDrill {
  /// Whatever goes wrong on the way, a denied question is never allowed, and an allowed one never denied.
  @Test(arguments: UInt64(1)...20)
  func noFaultTurnsADecisionRound(seed: UInt64) async throws {
    let kernel = InMemoryKernel()
    let flaky = try FaultInjectingTransport(
      upstream: kernel,
      rates: [
        .init(.connectFailure, 0.1), .init(.resetAfterSending, 0.1), .init(.status(503), 0.1),
        .init(.cutBody, 0.1), .init(.garbledBody, 0.1),
      ],
      seed: seed)
    let plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_kernel_secret",
      configuration: PlystraClient.Configuration(
        retryPolicy: PlystraClient.RetryPolicy(initialDelay: .milliseconds(1))),
      transport: flaky)

    for invoice in ["invoice_001", "invoice_002"] {
      for _ in 0..<10 {
        do {
          let decision = try await plystra.authz.check(
            AuthorizationRequest(
              actor: ActorContext(
                userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
                bindingID: "um_alice_finance_reviewer"),
              resourceType: "invoice", resourceID: invoice, action: "approve"))
          // The seed is in what the transport prints: it repeats a failure.
          #expect(decision.isAllowed == (invoice == "invoice_001"), "\(flaky)")
        } catch let error as PlystraError {
          // No decision is an answer too: your code treats it as "no".
          #expect([.transport, .api, .decoding].contains(error.kind), "\(flaky): \(error)")
        }
      }
    }
    #expect(!kernel.auditLog.isEmpty)
  }
}
// example: end
