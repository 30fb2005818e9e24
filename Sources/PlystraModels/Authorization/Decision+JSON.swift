extension Decision: WireValue {
  /// Reads a decision in each form that servers send: the short one of `check`, the trace of `explain`, and the short
  /// one with the trace inside it (contract §4).
  package static func read(from reader: inout JSONReader) throws -> Decision {
    try reader.readFields { reader in
      if reader.isAtField("trace_version") { return try readTrace(&reader) }
      let decision = try readShortForm(&reader)
      guard let _: String = try reader.optional("trace_version") else { return decision }
      // It is a trace with its keys in another order, whose fields are asked for once more.
      try reader.findMembers()
      return try readTrace(&reader)
    }
  }

  private static func readShortForm(_ reader: inout JSONReader) throws -> Decision {
    let allow: Flag? = try reader.optional("allow")
    let effect: Effect = try reader.required("decision")
    let denyCode: DenyCode? = try reader.optional("deny_code")
    let reason: String = try reader.value("reason", or: "")
    let traceID: String? = try reader.optional("trace_id")
    let auditLogID: String? = try reader.optional("audit_log_id")
    let audit: DecisionAudit? = try reader.optional("audit")
    let requestID: String? = try reader.optional("request_id")
    let trace: Boxed<DecisionTrace>? = try reader.optional("trace")
    if let contradiction = contradiction(allow, effect, denyCode, trace) {
      throw reader.objectFault("contradictory decision: \(contradiction)")
    }
    guard let trace else {
      return Decision(
        effect: effect, denyCode: denyCode, reason: reason, traceID: traceID,
        auditLogID: auditLogID ?? audit?.auditLogID, requestID: requestID, audit: audit, boxedTrace: nil)
    }
    return Decision(
      effect: effect, denyCode: denyCode, reason: reason.isEmpty ? trace.value.reason : reason,
      traceID: traceID ?? trace.value.traceID,
      auditLogID: auditLogID ?? audit?.auditLogID ?? trace.value.audit.auditLogID, requestID: requestID,
      audit: audit ?? trace.value.audit, boxedTrace: trace)
  }

  private static func readTrace(_ reader: inout JSONReader) throws -> Decision {
    let trace = try DecisionTrace(from: &reader)
    let allow: Flag? = try reader.optional("allow")
    let auditLogID: String? = try reader.optional("audit_log_id")
    let requestID: String? = try reader.optional("request_id")
    let nested: Boxed<DecisionTrace>? = try reader.optional("trace")
    let (effect, denyCode, reason, traceID) = (trace.decision, trace.denyCode, trace.reason, trace.traceID)
    let audit = trace.audit
    var boxed = nested
    if boxed == nil, !trace.traceVersion.isEmpty { boxed = Boxed(consume trace) }
    if let contradiction = contradiction(allow, effect, denyCode, boxed) {
      throw reader.objectFault("contradictory decision: \(contradiction)")
    }
    return Decision(
      effect: effect, denyCode: denyCode, reason: reason, traceID: traceID,
      auditLogID: auditLogID ?? audit.auditLogID, requestID: requestID, audit: audit, boxedTrace: boxed)
  }

  /// Why the parts of a decision cannot all be true, or nil if they can (contract §4).
  private static func contradiction(
    _ allow: Flag?, _ effect: Effect, _ denyCode: DenyCode?, _ trace: Boxed<DecisionTrace>?
  ) -> String? {
    let isAllowed = effect == .allow
    if let allow, allow.isSet != isAllowed { return "'allow' is \(allow.isSet), 'decision' says otherwise" }
    if isAllowed, denyCode != nil { return "it is allowed with a deny code" }
    guard let trace else { return nil }
    if trace.value.decision != effect { return "the trace decides otherwise" }
    if isAllowed, trace.value.denyCode != nil { return "it is allowed, and the trace has a deny code" }
    return nil
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.field("allow", isAllowed)
    writer.field("decision", effect)
    writer.optional("deny_code", denyCode)
    writer.field("reason", reason)
    writer.optional("trace_id", traceID)
    writer.optional("audit_log_id", auditLogID)
    writer.optional("audit", audit)
    writer.optional("request_id", requestID)
    writer.optional("trace", boxedTrace)
    writer.endObject()
  }
}

/// A flag that is `true` or `false` wherever it is: `null` is neither.
private struct Flag: WireValue {
  let isSet: Bool

  static func read(from reader: inout JSONReader) throws -> Flag { Flag(isSet: try reader.readBool()) }
  static func readOptional(from reader: inout JSONReader) throws -> Flag? { try read(from: &reader) }
  func write(to writer: inout JSONWriter) { writer.write(isSet) }
}
