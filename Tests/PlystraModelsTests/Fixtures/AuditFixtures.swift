import PlystraCore
import PlystraModels
import TestSupport
import Testing

/// The sample bodies of the audit log.
enum AuditFixtures {
  static let checks: [String: FixtureCheck] = [
    "audit-list.200": list, "audit-list.null": nullList, "audit-detail": detail,
  ]

  @Sendable static func list(_ body: [UInt8]) throws {
    let rows = try data([AuditLogEntry].self, in: body)
    #expect(rows.count == 200)
    let values = try #require(try JSONValue(parsing: body)["data"]?.arrayValue)
    for (row, value) in zip(rows, values) { check(row, value) }
    // The same once more by hand, for one row of either kind.
    let created = try #require(Timestamp.date(from: "2026-05-28T17:43:49Z"))
    #expect(
      rows.first
        == AuditLogEntry(
          id: "audit_284387ee6c28f618", spaceID: "space_acme", actorUserID: "user_external_alice",
          actorMemberID: "member_finance_reviewer", actorUserMemberID: "binding_external_alice_finance",
          action: "invoice.approve", resourceType: "invoice", resourceID: "invoice_191", decision: .deny,
          denyCode: .scopeOutOfBounds, requestID: "req_d54ea03549dc8a9f", ipAddress: "10.0.75.140",
          userAgent: "billing-service/2.3 (plystra-swift/0.1.0)", createdAt: created))
    #expect(rows[1].decision == .allow && rows[1].denyCode == nil)
    #expect(rows.filter { $0.ipAddress == nil }.count == 22)
    #expect(rows.filter { $0.decision == .allow }.count == 96)
    #expect(rows == rows.sorted { $0.createdAt > $1.createdAt })
    try expectLossless(rows, from: .array(values))
    let pagination = try #require(try Envelope<[AuditLogEntry]>(parsing: body).pagination)
    #expect(pagination.limit == 200 && pagination.cursor == nil && !pagination.hasMore)
  }

  private static func check(_ row: AuditLogEntry, _ value: JSONValue) {
    func text(_ key: String) -> String? { value[key]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    #expect(row.id == text("id"))
    #expect(row.spaceID == text("space_id"))
    #expect(row.actorUserID == text("actor_user_id"))
    #expect(row.actorMemberID == text("actor_member_id"))
    #expect(row.actorUserMemberID == text("actor_user_member_id"))
    #expect(row.action == text("action"))
    #expect(row.resourceType == text("resource_type"))
    #expect(row.resourceID == text("resource_id"))
    #expect(row.decision.rawValue == text("decision"))
    #expect(row.denyCode?.rawValue == text("deny_code"))
    #expect(row.requestID == text("request_id"))
    #expect(row.ipAddress == text("ip_address"))
    #expect(row.userAgent == text("user_agent"))
    #expect(Timestamp.text(of: row.createdAt) == text("created_at"))
    #expect(row.trace == nil)
  }

  @Sendable static func nullList(_ body: [UInt8]) throws {
    #expect(try data([AuditLogEntry].self, in: body) == [])
    let pagination = try #require(try Envelope<[AuditLogEntry]>(parsing: body).pagination)
    #expect(pagination.limit == 50 && pagination.cursor == nil && !pagination.hasMore)
  }

  @Sendable static func detail(_ body: [UInt8]) throws {
    let row = try data(AuditLogEntry.self, in: body)
    #expect(row.id == "audit_9f1c2e4b7a6d5c30")
    #expect(row.spaceID == "space_acme")
    #expect(row.actorUserID == "user_external_alice")
    #expect(row.actorMemberID == "member_finance_reviewer")
    #expect(row.actorUserMemberID == "binding_external_alice_finance")
    #expect(row.action == "invoice.approve")
    #expect(row.resourceType == "invoice" && row.resourceID == "invoice_001")
    #expect(row.decision == .allow && row.denyCode == nil)
    #expect(row.requestID == sampleRequestID)
    #expect(row.ipAddress == "127.0.0.1")
    #expect(row.userAgent == "plystra-swift/0.1.0")
    #expect(Timestamp.text(of: row.createdAt) == "2026-05-06T00:00:00Z")
    try TraceChecks.checkAllowed(row.trace)
    try expectLossless(row, from: JSONValue(parsing: body)["data"])
  }
}
