import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension KernelSeed {
  /// The data that the documentation uses throughout (contract §7), and the API key `ply_kernel_secret`.
  public static let demo = KernelSeed(
    resourceTypes: [ResourceType(key: "invoice", actions: ["approve", "reject"])],
    apiKeys: [APIKey(key: Secret("ply_kernel_secret"))],
    users: [
      User(id: "user_alice", email: "alice@example.com", password: Secret("plystra-demo")),
      User(id: "user_bob", email: "bob@example.com", password: Secret("plystra-demo")),
    ],
    superAdministrators: ["user_alice"],
    spaces: [Space(id: "space_acme", name: "Acme")],
    groups: [
      Group(id: "group_finance", spaceID: "space_acme", path: "finance"),
      Group(id: "group_finance_apac", spaceID: "space_acme", path: "finance.apac"),
      Group(id: "group_legal_emea", spaceID: "space_acme", path: "legal.emea"),
    ],
    members: [
      Member(id: "member_finance_reviewer", spaceID: "space_acme", displayName: "Finance Reviewer")
    ],
    userMembers: [
      reviewer("um_alice_finance_reviewer", "user_alice", "delegate", isPrimary: true),
      reviewer("um_bob_finance_reviewer", "user_bob", "login", isPrimary: true),
      reviewer("um_alice_finance_reviewer_revoked", "user_alice", "delegate", status: "revoked"),
      reviewer(
        "um_alice_finance_reviewer_expired", "user_alice", "temporary",
        expiresAt: Date(timeIntervalSince1970: 1_777_939_200)),  // 2026-05-05T00:00:00Z
    ],
    roles: [
      Role(
        id: "role_finance_approver", key: "finance_approver", spaceID: "space_acme",
        permissions: [Permission(resource: "invoice", action: "approve", scope: .groupTree)])
    ],
    grants: [
      Grant(
        memberID: "member_finance_reviewer", roleID: "role_finance_approver",
        scopeAnchorGroupID: "group_finance")
    ],
    resources: [
      invoice("invoice_001", groupID: "group_finance_apac"),
      invoice("invoice_002", groupID: "group_legal_emea"),
    ]
  )

  private static func reviewer(
    _ id: String, _ userID: String, _ relationType: String, status: String = "active",
    isPrimary: Bool = false, expiresAt: Date? = nil
  ) -> UserMember {
    UserMember(
      id: id, userID: userID, memberID: "member_finance_reviewer", spaceID: "space_acme",
      relationType: relationType, status: status, isPrimary: isPrimary, expiresAt: expiresAt)
  }

  private static func invoice(_ id: String, groupID: String) -> Resource {
    Resource(
      id: id, type: "invoice", spaceID: "space_acme", groupID: groupID,
      ownerMemberID: "member_invoice_creator")
  }
}
