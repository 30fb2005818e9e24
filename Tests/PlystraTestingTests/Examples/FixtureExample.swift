// Shown in the article "Testing your authorization".

import Foundation
import PlystraCore
import PlystraTesting
import Testing

// example: begin
@Suite struct RecordedReview {
  private let question = AuthorizationRequest(
    actor: ActorContext(
      userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      bindingID: "um_alice_finance_reviewer"),
    resourceType: "invoice", resourceID: "invoice_001", action: "approve")

  /// What is recorded, and later replayed: the same calls, by the same code.
  private func review(_ plystra: PlystraClient) async throws -> [DenyCode?] {
    let named = try plystra.withRequestID("req_review")
    let allowed = try await named.authz.check(question)
    var other = question
    other.resourceID = "invoice_002"
    return [allowed.denyCode, try await named.authz.check(other).denyCode]
  }

  @Test func theRecordingIsReplayed() async throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("review-\(UUID().uuidString).har").path
    defer { try? FileManager.default.removeItem(atPath: file) }

    // Once, against the service: here a kernel stands in for it, and the file is not kept.
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: file)
    let recorded = try await review(
      PlystraClient(baseURL: "http://localhost", apiKey: "ply_kernel_secret", transport: recording))
    try await recording.finish()

    // From then on, without it: no credential of the service is needed, and none is in the file.
    let fixture = try FixtureTransport(contentsOf: file)
    let replayed = try await review(
      PlystraClient(baseURL: "http://localhost", apiKey: "ply_ak_any.key", transport: fixture))

    #expect(replayed == recorded)
    #expect(replayed == [nil, .scopeOutOfBounds])
    try fixture.verify()  // everything that was recorded was asked for
    #expect(try !String(contentsOfFile: file, encoding: .utf8).contains("ply_kernel_secret"))
  }
}
// example: end
