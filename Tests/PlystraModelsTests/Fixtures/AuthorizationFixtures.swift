import PlystraCore
import PlystraModels
import Testing

/// The sample bodies of authorization requests and decisions.
enum AuthorizationFixtures {
  static let checks: [String: FixtureCheck] = [
    "authz-request": request, "authz-check.allow": allowed, "authz-check.deny": denied,
    "authz-explain.allow": explained, "authz-explain.flat": explainedFlat,
    "authz-explain.unregistered": unregistered,
  ]

  /// The question that the sample request asks.
  static let question = AuthorizationRequest(
    actor: ActorContext(
      userID: "user_external_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      bindingID: "binding_external_alice_finance"),
    resource: ResourceContext(
      type: "invoice", externalID: "invoice_001", spaceID: "space_acme", groupPath: "finance.apac",
      ownerMemberID: "member_invoice_creator",
      metadata: ["amount": 1250.75, "currency": "USD", "tags": ["q3", "Überweisung", "財務"], "approved": nil]),
    grants: [
      Grant(
        scope: .groupTree, resource: "invoice", action: "approve", roleKey: "finance_approver",
        spaceID: "space_acme", scopeAnchorGroupPath: "finance"),
      Grant(
        scope: .group, resource: "invoice", action: "approve", roleKey: "legal_reviewer",
        spaceID: "space_acme", scopeAnchorGroupPath: "legal.emea"),
      Grant(
        scope: .selfOnly, resource: "invoice", action: "approve", roleKey: "owner", spaceID: "space_acme"),
    ],
    action: "approve", explain: true)

  @Sendable static func request(_ body: [UInt8]) throws {
    let request = try AuthorizationRequest(parsing: body)
    #expect(request == question)
    // Nothing is lost on the way, not even the `null` within metadata, which is the application's own.
    #expect(try JSONValue(parsing: request.serialized()) == JSONValue(parsing: body))
    #expect(try JSONValue(parsing: question.serialized()) == JSONValue(parsing: body))
    let metadata = try JSONValue(parsing: request.serialized())["resource"]?["metadata"]
    #expect(metadata?.objectValue?.keys == ["amount", "currency", "tags", "approved"])
  }

  @Sendable static func allowed(_ body: [UInt8]) throws {
    let decision = try data(Decision.self, in: body)
    #expect(decision.isAllowed)
    #expect(decision.effect == .allow && decision.denyCode == nil)
    #expect(decision.reason == "at least one matching permission grant covers the target resource")
    #expect(decision.traceID == "trc_9f1c2e4b7a6d5c30")
    #expect(decision.auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(decision.requestID == nil && decision.trace == nil)
    try TraceChecks.checkAudit(decision.audit, decision: .allow, denyCode: nil)
    try expectLossless(decision, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func denied(_ body: [UInt8]) throws {
    let decision = try data(Decision.self, in: body)
    #expect(!decision.isAllowed)
    #expect(decision.effect == .deny && decision.denyCode == .scopeOutOfBounds)
    #expect(decision.reason == "matching permission grants do not cover the target resource scope")
    #expect(decision.traceID == "trc_9f1c2e4b7a6d5c30")
    #expect(decision.auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(decision.requestID == nil && decision.trace == nil)
    try TraceChecks.checkAudit(decision.audit, decision: .deny, denyCode: .scopeOutOfBounds)
    try expectLossless(decision, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func explained(_ body: [UInt8]) throws {
    let decision = try data(Decision.self, in: body)
    try checkExplained(decision)
    try expectLossless(try #require(decision.trace), from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func explainedFlat(_ body: [UInt8]) throws {
    let decision = try data(Decision.self, in: body)
    try checkExplained(decision)
    let value = try JSONValue(parsing: body)["data"]
    try expectLossless(try #require(decision.trace), from: value?["trace"])
    // What the flat form says beside the trace, it says twice.
    var outer = try #require(value?.objectValue)
    #expect(outer["matched_candidates"] == value?["trace"]?["matched_candidates"])
    outer["matched_candidates"] = nil
    outer["audit"] = value?["trace"]?["audit"]
    try expectLossless(decision, from: .object(outer))
  }

  private static func checkExplained(_ decision: Decision) throws {
    #expect(decision.isAllowed)
    #expect(decision.effect == .allow && decision.denyCode == nil)
    #expect(decision.reason == "at least one matching permission grant covers the target resource")
    #expect(decision.traceID == "trc_9f1c2e4b7a6d5c30")
    #expect(decision.auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(decision.requestID == nil)
    try TraceChecks.checkAudit(decision.audit, decision: .allow, denyCode: nil)
    try TraceChecks.checkAllowed(decision.trace)
  }

  @Sendable static func unregistered(_ body: [UInt8]) throws {
    let decision = try data(Decision.self, in: body)
    #expect(!decision.isAllowed)
    #expect(decision.effect == .deny && decision.denyCode == .invalidResourceType)
    #expect(decision.reason == "resource type is not registered")
    #expect(decision.traceID == "trc_9f1c2e4b7a6d5c30")
    #expect(decision.auditLogID == "audit_9f1c2e4b7a6d5c30")
    try TraceChecks.checkAudit(decision.audit, decision: .deny, denyCode: .invalidResourceType)
    try TraceChecks.checkUnregistered(decision.trace)
    let trace = try #require(decision.trace)
    let written = try JSONValue(parsing: trace.serialized()).withoutBlanks
    let expected = try JSONValue(parsing: body)["data"]?.withoutBlanks
    // What is blank throughout is written as `false` flags at most.
    #expect(written["actor"] == expected?["actor"] && written["audit"] == expected?["audit"])
    #expect(written == expected)
  }
}
