/// A decision as it stands on the wire, in all forms that servers answer: the short one of `check`, the trace of
/// `explain`, and the short one with the trace beneath it (contract §4).
struct DecisionBody: WireModel {
  private var allow: Bool?
  private var effect: Effect = ""
  private var denyCode: DenyCode?
  private var reason = ""
  private var traceID: String?
  private var auditLogID: String?
  private var audit: DecisionAudit?
  private var requestID: String?
  private var traceVersion: String?
  private var evidence = DecisionTrace()
  private var trace: DecisionTrace?

  init() {}

  init(_ decision: Decision) {
    allow = decision.isAllowed
    effect = decision.effect
    denyCode = decision.denyCode
    reason = decision.reason
    traceID = decision.traceID
    auditLogID = decision.auditLogID
    audit = decision.audit
    requestID = decision.requestID
    trace = decision.trace
  }

  // In the order of the short form, which is the common one.
  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.decisive("allow", &allow)
    try visitor.decisiveRequired("decision", &effect)
    try visitor.decisive("deny_code", &denyCode)
    try visitor.field("reason", &reason)
    try visitor.field("trace_id", &traceID)
    try visitor.field("audit_log_id", &auditLogID)
    try visitor.field("audit", &audit)
    try visitor.field("request_id", &requestID)
    try visitor.field("trace_version", &traceVersion)
    try visitor.field("trace", &trace)
    // Only read: what is written has its trace beneath it.
    guard Visitor.isReader else { return }
    try evidence.evidenceFields(&visitor)
  }

  /// The decision, if its parts agree.
  ///
  /// - Throws: a fault at `offset`, where the decision begins, if they do not.
  func makeDecision(at offset: Int) throws -> Decision {
    if let contradiction {
      throw JSONFault(reason: "contradictory decision: \(contradiction)", offset: offset)
    }
    let trace = trace ?? inlineTrace
    return Decision(
      effect: effect, denyCode: denyCode, reason: reason.isEmpty ? trace?.reason ?? "" : reason,
      traceID: traceID ?? trace?.traceID,
      auditLogID: auditLogID ?? audit?.auditLogID ?? trace?.audit.auditLogID,
      requestID: requestID, audit: audit ?? trace?.audit, trace: trace)
  }

  /// Why the parts of the decision cannot all be true, or nil if they can.
  private var contradiction: String? {
    if allow == true, effect != .allow { return "'allow' is true, 'decision' is not" }
    if allow == false, effect == .allow {
      return "'decision' is allow, 'allow' is false"
    }
    if effect == .allow, denyCode != nil { return "allowed with a deny code" }
    guard let trace else { return nil }
    if trace.decision != effect { return "the trace decides otherwise" }
    if effect == .allow, trace.denyCode != nil {
      return "allowed, and the trace has a deny code"
    }
    return nil
  }

  /// The trace, when the answer is one itself.
  private var inlineTrace: DecisionTrace? {
    guard let traceVersion else { return nil }
    var trace = evidence
    trace.traceVersion = traceVersion
    trace.traceID = traceID
    trace.decision = effect
    trace.denyCode = denyCode
    trace.reason = reason
    trace.audit = audit ?? DecisionAudit()
    return trace
  }
}

extension Decision: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Decision {
    _ = try reader.peek()
    let start = reader.position
    return try DecisionBody.read(from: &reader).makeDecision(at: start)
  }

  package func write(to writer: inout JSONWriter) throws { try DecisionBody(self).write(to: &writer) }
}

/// What the audit row of a decision holds.
public struct DecisionAudit: Sendable, Hashable, Codable {
  /// The audit row's id.
  public var auditLogID: String?
  /// The user who acted.
  public var actorUserID: String?
  /// The member as which the user acted.
  public var actorMemberID: String?
  /// The binding of both.
  public var actorUserMemberID: String?
  /// The space in which it was judged.
  public var spaceID: String?
  /// Type and action, such as `invoice.approve`.
  public var action: String?
  /// The type of the resource.
  public var resourceType: String?
  /// The resource's id.
  public var resourceID: String?
  /// What was decided.
  public var decision: Effect?
  /// Why it was denied, if it was.
  public var denyCode: DenyCode?
  /// The id of the call that asked.
  public var requestID: String?

  /// Makes a blank record, for tests to fill in.
  public init() {}
  /// Reads a stored record.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the record.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension DecisionAudit: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("audit_log_id", &auditLogID)
    try visitor.field("actor_user_id", &actorUserID)
    try visitor.field("actor_member_id", &actorMemberID)
    try visitor.field("actor_user_member_id", &actorUserMemberID)
    try visitor.field("space_id", &spaceID)
    try visitor.field("action", &action)
    try visitor.field("resource_type", &resourceType)
    try visitor.field("resource_id", &resourceID)
    try visitor.decisive("decision", &decision)
    try visitor.decisive("deny_code", &denyCode)
    try visitor.field("request_id", &requestID)
  }
}
