import PlystraCore
import PlystraModels
import Testing

/// What the sample traces say, which stand in an explained decision and in an audit row.
enum TraceChecks {
  static func checkAudit(_ audit: DecisionAudit?, decision: Effect, denyCode: DenyCode?) throws {
    let audit = try #require(audit)
    #expect(audit.auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(audit.actorUserID == "user_external_alice")
    #expect(audit.actorMemberID == "member_finance_reviewer")
    #expect(audit.actorUserMemberID == "binding_external_alice_finance")
    #expect(audit.spaceID == "space_acme")
    #expect(audit.action == "invoice.approve")
    #expect(audit.resourceType == "invoice")
    #expect(audit.resourceID == "invoice_001")
    #expect(audit.decision == decision)
    #expect(audit.denyCode == denyCode)
    #expect(audit.requestID == sampleRequestID)
  }

  /// What the allowed and the unregistered trace have in common.
  static func checkActorAndRequest(_ trace: DecisionTrace) {
    #expect(trace.traceVersion == "1.0")
    #expect(trace.traceID == "trc_9f1c2e4b7a6d5c30")
    let actor = trace.actor
    #expect(
      actor.user.id == "user_external_alice" && actor.user.email == nil && actor.user.status == "active")
    #expect(actor.member.id == "member_finance_reviewer")
    #expect(actor.member.spaceID == "space_acme")
    #expect(actor.member.displayName == "member_finance_reviewer")
    #expect(actor.member.status == "active")
    #expect(actor.userMember.id == "binding_external_alice_finance")
    #expect(actor.userMember.userID == "user_external_alice")
    #expect(actor.userMember.memberID == "member_finance_reviewer")
    #expect(actor.userMember.spaceID == "space_acme")
    #expect(actor.userMember.relationType == "external")
    #expect(actor.userMember.status == "active")
    #expect(actor.userMember.isPrimary)
    #expect(actor.userMember.expiresAt == nil)
    for space in [actor.space, trace.space] {
      #expect(space.id == "space_acme" && space.name == "space_acme" && space.status == "active")
    }
    #expect(trace.request.requestID == sampleRequestID)
    #expect(trace.request.ip == "127.0.0.1")
    #expect(trace.request.userAgent == "plystra-swift/0.1.0")
  }

  static func checkAllowed(_ trace: DecisionTrace?) throws {
    let trace = try #require(trace)
    checkActorAndRequest(trace)
    #expect(trace.decision == .allow && trace.denyCode == nil)
    #expect(trace.reason == "at least one matching permission grant covers the target resource")
    try checkTarget(trace.target)
    checkRegistry(trace.registry)
    try checkCandidates(trace.matchedCandidates)
    try checkAudit(trace.audit, decision: .allow, denyCode: nil)
  }

  private static func checkTarget(_ target: DecisionTrace.Target) throws {
    let resource = target.resource
    #expect(resource.id == "invoice_001" && resource.externalID == "invoice_001")
    #expect(resource.type == "invoice" && resource.spaceID == "space_acme")
    #expect(resource.groupID == "group_inline_993c71aff5714e5f" && resource.groupPath == "finance.apac")
    #expect(resource.ownerMemberID == "member_invoice_creator")
    #expect(resource.displayName == nil && resource.visibility == nil)
    #expect(resource.status == "active")
    #expect(
      resource.metadata == [
        "amount": 1250.75, "approved": nil, "currency": "USD", "tags": ["q3", "Überweisung", "財務"],
      ])
    #expect(resource.metadata?.keys == ["amount", "approved", "currency", "tags"])
    let group = try #require(target.group)
    #expect(group.id == "group_inline_993c71aff5714e5f" && group.spaceID == "space_acme")
    #expect(group.path == "finance.apac" && group.status == "active")
  }

  private static func checkRegistry(_ registry: DecisionTrace.Registry) {
    let type = registry.resourceType
    #expect(type.id == "rt_invoice" && type.key == "invoice" && type.displayName == "Invoice")
    #expect(type.status == "active" && type.source == "core")
    let action = registry.action
    #expect(action.id == "ra_invoice_approve" && action.resourceTypeID == "rt_invoice")
    #expect(action.key == "approve" && action.displayName == "Approve")
    #expect(action.riskLevel == "high" && action.auditDefault)
    let mapping = registry.mapping
    #expect(mapping.id == "rm_invoice_resources" && mapping.resourceTypeID == "rt_invoice")
    #expect(mapping.storageKind == "internal_table" && mapping.tableName == "resources")
    #expect(mapping.idField == "id" && mapping.spaceField == "space_id" && mapping.groupField == "group_id")
    #expect(mapping.ownerMemberField == "owner_member_id" && mapping.visibilityField == "visibility")
    #expect(mapping.metadataField == "metadata" && mapping.status == "active")
  }

  private static func checkCandidates(_ candidates: [DecisionTrace.Candidate]) throws {
    #expect(candidates.count == 3)
    #expect(candidates.map(\.role.key) == ["finance_approver", "legal_reviewer", "owner"])
    #expect(
      candidates.map(\.role.id)
        == ["role_inline_finance_approver", "role_inline_legal_reviewer", "role_inline_owner"])
    #expect(candidates.map(\.permission.scope) == [.groupTree, .group, .selfOnly])
    #expect(
      candidates.map(\.permission.id) == [
        "perm_inline_invoice_approve_group_tree", "perm_inline_invoice_approve_group",
        "perm_inline_invoice_approve_self",
      ])
    for candidate in candidates {
      #expect(candidate.role.spaceID == "space_acme" && candidate.memberRoleSpaceID == "space_acme")
      #expect(candidate.permission.resource == "invoice" && candidate.permission.action == "approve")
    }
    let anchors = candidates.map(\.scopeAnchor)
    #expect(
      anchors.map { $0?.id } == ["group_inline_cf8eaf09a28d99e8", "group_inline_bed94bd50f2c73a8", nil])
    #expect(anchors.map { $0?.path } == ["finance", "legal.emea", nil])
    #expect(anchors.prefix(2).allSatisfy { $0?.spaceID == "space_acme" && $0?.status == "active" })
    #expect(candidates.map(\.scopeCheck.covered) == [true, false, false])
    #expect(candidates.map(\.scopeCheck.denyCode) == [nil, .scopeOutOfBounds, .scopeOutOfBounds])
    #expect(
      candidates.map(\.scopeCheck.rule) == [
        "target_path = anchor_path OR target_path LIKE anchor_path || '.%'",
        "target_group_id = scope_anchor_group_id", "resource.owner_member_id == actor.member_id",
      ])
    #expect(
      candidates.map(\.scopeCheck.reason) == [
        "target group finance.apac is inside anchor group finance.",
        "target group finance.apac does not match anchor group legal.emea.",
        "target resource is not owned by the active Member identity.",
      ])
  }

  static func checkUnregistered(_ trace: DecisionTrace?) throws {
    let trace = try #require(trace)
    checkActorAndRequest(trace)
    #expect(trace.decision == .deny && trace.denyCode == .invalidResourceType)
    #expect(trace.reason == "resource type is not registered")
    #expect(trace.target == DecisionTrace.Target())
    #expect(trace.target.group == nil && trace.target.resource.ownerMemberID == nil)
    #expect(trace.registry == DecisionTrace.Registry())
    #expect(trace.matchedCandidates.isEmpty)
    try checkAudit(trace.audit, decision: .deny, denyCode: .invalidResourceType)
  }
}
