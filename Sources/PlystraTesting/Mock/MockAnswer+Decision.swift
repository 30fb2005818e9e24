public import PlystraCore

extension PlystraCore.Decision {
  /// An allowed decision, for tests.
  public static var allow: PlystraCore.Decision { sample(.allow, nil, "allowed by the test") }

  /// A denied decision, for tests.
  public static func deny(_ code: DenyCode, reason: String = "denied by the test") -> PlystraCore.Decision {
    sample(.deny, code, reason)
  }

  private static func sample(_ effect: Effect, _ code: DenyCode?, _ reason: String) -> PlystraCore.Decision {
    PlystraCore.Decision(
      effect: effect, denyCode: code, reason: reason, traceID: "trc_00000000000test1",
      auditLogID: "audit_00000000000test1")
  }
}

extension MockAnswer {
  /// A decision.
  ///
  /// What it leaves open is filled in from the request, as the service would: the audit record and, for `authz.explain`
  /// and whoever asks to have it explained, the trace.
  public static func decision(_ decision: PlystraCore.Decision) -> MockAnswer {
    let code = decision.denyCode.map { " (\($0))" } ?? ""
    return MockAnswer("decision \(decision.effect)\(code)") { _, request in
      MockEnvelope(request).success(try wire(decision.completed(for: request)))
    }
  }
}

extension PlystraCore.Decision {
  /// The decision with what the service would add to it in an answer to a request.
  fileprivate func completed(for request: RecordedRequest) -> PlystraCore.Decision {
    let audit = audit ?? record(of: request)
    let isExplained = request.operation == .authzExplain || request.body?["explain"]?.boolValue == true
    var trace = trace
    if trace == nil, isExplained { trace = DecisionTrace(of: self, audit: audit, request: request) }
    return PlystraCore.Decision(
      effect: effect, denyCode: denyCode, reason: reason, traceID: traceID, auditLogID: auditLogID,
      requestID: requestID, audit: audit, trace: trace)
  }

  private func record(of request: RecordedRequest) -> DecisionAudit {
    let (actor, resource) = (request.body?["actor"], request.body?["resource"])
    var record = DecisionAudit()
    record.auditLogID = auditLogID
    record.actorUserID = actor?["user_id"]?.stringValue
    record.actorMemberID = actor?["member_id"]?.stringValue
    record.actorUserMemberID = (actor?["user_member_id"] ?? actor?["binding_id"])?.stringValue
    record.spaceID = actor?["space_id"]?.stringValue
    record.resourceType = (request.body?["resource_type"] ?? resource?["type"])?.stringValue
    record.resourceID =
      (request.body?["resource_id"] ?? resource?["id"] ?? resource?["external_id"])?.stringValue
    record.action = [record.resourceType, request.body?["action"]?.stringValue].compactMap { $0 }
      .joined(separator: ".")
    record.decision = effect
    record.denyCode = denyCode
    record.requestID = request.requestID
    return record
  }
}

extension DecisionTrace {
  /// A trace that says no more than its decision and the request.
  fileprivate init(of decision: PlystraCore.Decision, audit: DecisionAudit, request: RecordedRequest) {
    self.init()
    traceVersion = "1.0"
    traceID = decision.traceID
    self.decision = decision.effect
    denyCode = decision.denyCode
    reason = decision.reason
    self.audit = audit
    actor.user.id = audit.actorUserID ?? ""
    actor.member.id = audit.actorMemberID ?? ""
    actor.userMember.id = audit.actorUserMemberID ?? ""
    space.id = audit.spaceID ?? ""
    actor.space = space
    target.resource.id = audit.resourceID ?? ""
    target.resource.type = audit.resourceType ?? ""
    self.request.requestID = request.requestID
  }
}
