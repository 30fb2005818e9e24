/// What a decision has on the wire beside its own fields, in all forms that servers answer: the short one of `check`,
/// the trace of `explain`, and the short one with the trace beneath it (contract §4).
private struct DecisionForm {
  var allow: Flag?
  private var traceVersion: String?
  /// The fields of a trace that stand in the decision itself.
  private var evidence: Boxed<DecisionTrace>?

  // In the order of the short form, which is the common one, with what begins the others before it.
  @inline(__always)
  mutating func fields<Visitor: FieldVisitor & ~Copyable>(
    of decision: inout Decision, _ visitor: inout Visitor
  ) throws {
    try visitor.field("trace_version", &traceVersion)
    try visitor.decisive("allow", &allow)
    try visitor.decisiveRequired("decision", &decision.effect)
    try visitor.decisive("deny_code", &decision.denyCode)
    try visitor.field("reason", &decision.reason)
    try visitor.field("trace_id", &decision.traceID)
    try visitor.field("audit_log_id", &decision.auditLogID)
    try visitor.decisive("audit", &decision.audit)
    try visitor.field("request_id", &decision.requestID)
    try visitor.decisive("trace", &decision.boxedTrace)
    // Only read: what is written has its trace beneath it.
    if visitor.meetsUnshownKeys { try evidenceFields(&visitor) }
  }

  @inline(never)
  private mutating func evidenceFields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    if evidence == nil { evidence = Boxed() }
    try evidence?.value.evidenceFields(&visitor)
  }

  /// Why the parts of a decision cannot all be true, or nil if they can.
  func contradiction(in decision: borrowing Decision) -> String? {
    let isAllowed = decision.effect == .allow
    if let allow, allow.isSet != isAllowed { return "'allow' is \(allow.isSet), 'decision' says otherwise" }
    if isAllowed, decision.denyCode != nil { return "it is allowed with a deny code" }
    guard let trace = decision.boxedTrace else { return nil }
    if trace.value.decision != decision.effect { return "the trace decides otherwise" }
    if isAllowed, trace.value.denyCode != nil { return "it is allowed, and the trace has a deny code" }
    return nil
  }

  /// Gives a decision what its form has in other places.
  mutating func complete(_ decision: inout Decision) {
    if decision.boxedTrace == nil, traceVersion != nil { decision.boxedTrace = inlineTrace(of: decision) }
    if decision.auditLogID == nil { decision.auditLogID = decision.audit?.auditLogID }
    guard let trace = decision.boxedTrace else { return }
    if decision.reason.isEmpty { decision.reason = trace.value.reason }
    if decision.traceID == nil { decision.traceID = trace.value.traceID }
    if decision.auditLogID == nil { decision.auditLogID = trace.value.audit.auditLogID }
    if decision.audit == nil { decision.audit = trace.value.audit }
  }

  /// The trace, when the answer is one itself.
  @inline(never)
  private mutating func inlineTrace(of decision: borrowing Decision) -> Boxed<DecisionTrace> {
    var box = evidence.take() ?? Boxed()
    box.value.traceVersion = traceVersion ?? ""
    box.value.traceID = decision.traceID
    box.value.decision = decision.effect
    box.value.denyCode = decision.denyCode
    box.value.reason = decision.reason
    if let audit = decision.audit { box.value.audit = audit }
    return box
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
    var decision = Decision()
    try decision.readFields(from: &reader)
    return decision
  }

  package static func read(into place: inout Decision?, from reader: inout JSONReader) throws {
    place = Decision()
    try place?.readFields(from: &reader)
  }

  private mutating func readFields(from reader: inout JSONReader) throws {
    var form = DecisionForm()
    _ = try reader.peek()
    let start = reader.position
    let outer = try reader.enterObject()
    while try reader.needsPass() { try form.fields(of: &self, &reader) }
    reader.leaveObject(outer)
    if let contradiction = form.contradiction(in: self) {
      throw JSONFault(reason: "contradictory decision: \(contradiction)", offset: start)
    }
    form.complete(&self)
  }

  package mutating func adopt(requestID: String) {
    if self.requestID == nil { self.requestID = requestID }
  }

  package func write(to writer: inout JSONWriter) throws {
    var decision = self
    var form = DecisionForm()
    form.allow = Flag(isSet: isAllowed)
    writer.beginObject()
    try form.fields(of: &decision, &writer)
    writer.endObject()
  }
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
