// Shown in the article "Testing your authorization".

import PlystraCore
import PlystraTesting
import Testing

// example: begin
@Suite struct PermissionMatrix: KernelSeedNames {
  /// The world, as an administrator would set it up.
  private func world() throws -> KernelSeed {
    try KernelSeed {
      ResourceType("invoice", "read", "approve")
      APIKey("ply_ak_test.secret")
      User("alice")
      Space("acme") {
        Group("finance") {
          Group("apac") { Resource("invoice", "invoice_apac") }
          Group("emea") { Resource("invoice", "invoice_emea") }
        }
        Role("reader") { Permission("invoice", "read", .groupTree) }
        Role("approver") { Permission("invoice", "approve", .group) }
        Member("clerk") {
          UserMember("alice")
          Grant("reader", at: "finance")
        }
        Member("manager") {
          UserMember("alice", isPrimary: false)
          Grant("reader", at: "finance")
          Grant("approver", at: "finance.apac")
        }
      }
    }
  }

  /// Who may do what, and why not: one line for each question that anybody has asked.
  static let table: [(member: String, action: String, invoice: String, denial: DenyCode?)] = [
    ("clerk", "read", "invoice_apac", nil),
    ("clerk", "read", "invoice_emea", nil),
    ("clerk", "approve", "invoice_apac", .noMatchingPermission),
    ("manager", "approve", "invoice_apac", nil),
    ("manager", "approve", "invoice_emea", .scopeOutOfBounds),
    ("manager", "delete", "invoice_apac", .invalidResourceAction),
  ]

  @Test(arguments: table)
  func decides(member: String, action: String, invoice: String, denial: DenyCode?) async throws {
    let kernel = InMemoryKernel(seed: try world())
    let plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_ak_test.secret", transport: kernel)

    let decision = try await plystra.authz.check(
      AuthorizationRequest(
        actor: ActorContext(
          userID: "alice", memberID: member, spaceID: "acme", bindingID: "alice@\(member)"),
        resourceType: "invoice", resourceID: invoice, action: action))

    #expect(decision.denyCode == denial, "\(decision.reason)")
    #expect(kernel.auditLog.map(\.action) == ["invoice.\(action)"])
  }

  @Test func aRevokedMemberIsDeniedAtOnce() async throws {
    let kernel = InMemoryKernel(seed: try world())
    let plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_ak_test.secret", transport: kernel)
    let question = AuthorizationRequest(
      actor: ActorContext(userID: "alice", memberID: "clerk", spaceID: "acme", bindingID: "alice@clerk"),
      resourceType: "invoice", resourceID: "invoice_apac", action: "read")

    #expect(try await plystra.authz.check(question).isAllowed)
    try kernel.revoke(.member("clerk"))
    #expect(try await plystra.authz.check(question).denyCode == .actorMemberInactive)
  }
}
// example: end
