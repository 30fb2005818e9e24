/// A decision as it stands on the wire, in all forms that servers answer: the short one of `check`, the trace of
/// `explain`, and the short one with the trace beneath it (contract §4).
struct DecisionBody: WireModel {
  private var allow: Flag?
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
    allow = Flag(isSet: decision.isAllowed)
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
    try visitor.decisive("audit", &audit)
    try visitor.field("request_id", &requestID)
    try visitor.field("trace_version", &traceVersion)
    try visitor.decisive("trace", &trace)
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
    let isAllowed = effect == .allow
    if let allow, allow.isSet != isAllowed { return "'allow' is \(allow.isSet), 'decision' says otherwise" }
    if let trace, trace.decision != effect { return "the trace decides otherwise" }
    guard isAllowed else { return nil }
    if denyCode != nil { return "it is allowed with a deny code" }
    if trace?.denyCode != nil { return "it is allowed, and the trace has a deny code" }
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

/// A flag that is `true` or `false` wherever it stands: `null` is neither.
private struct Flag: WireValue {
  var isSet: Bool

  static func read(from reader: inout JSONReader) throws -> Flag { Flag(isSet: try reader.readBool()) }
  static func readOptional(from reader: inout JSONReader) throws -> Flag? { try read(from: &reader) }
  func write(to writer: inout JSONWriter) { writer.write(isSet) }
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
