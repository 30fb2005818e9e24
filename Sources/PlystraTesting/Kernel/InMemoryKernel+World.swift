public import PlystraCore

// What a test does to the world that a kernel is: looks at it, changes it, breaks it, puts it back.
extension InMemoryKernel {
  /// The decisions made so far with their traces, the first made first.
  ///
  /// ```swift
  /// #expect(kernel.auditLog.map(\.denyCode) == [nil, .scopeOutOfBounds])
  /// ```
  public var auditLog: [AuditLogEntry] { withState { $0.audit.all }.map(AuditLogEntry.init) }

  /// Takes something away, as an administrator would, from the next request on.
  ///
  /// - Throws: ``KernelRevocationError`` if there is no such thing, which lists the names there are.
  public func revoke(_ revocation: KernelRevocation) throws(KernelRevocationError) {
    try withState { (state) throws(KernelRevocationError) in try state.revoke(revocation) }
  }

  /// Lets the next requests fail, after those that were planned to fail before.
  ///
  /// - Parameters:
  ///   - count: how many; 0 or less plans nothing.
  ///   - operation: the only operation whose requests count; nil counts all.
  ///   - fault: what they meet.
  public func fail(next count: Int, of operation: ServiceOperation? = nil, with fault: KernelFault) {
    withState { $0.faults.add(fault, count: count, operation: operation) }
  }

  /// Lets the next request of an operation fail.
  public func fail(next operation: ServiceOperation, with fault: KernelFault) {
    fail(next: 1, of: operation, with: fault)
  }

  /// How many requests are still to fail as planned; 0 when every plan was met.
  public var plannedFailureCount: Int { withState { $0.faults.count } }

  /// Keeps the world as it is now.
  public func snapshot() -> KernelSnapshot {
    KernelSnapshot(state: withState { $0 }, idPosition: idSequence?.position)
  }

  /// Puts the world back to what it was; what happened since then has not happened.
  ///
  /// Seeded ids go on from where they were, so that the same requests get the same answers again.
  public func restore(_ snapshot: KernelSnapshot) {
    withState { $0 = snapshot.state }
    if let position = snapshot.idPosition { idSequence?.position = position }
  }
}

extension AuditLogEntry {
  /// The row as the client would read it.
  init(_ row: AuditRow) {
    let decision = row.decision
    let actor = decision.question.actor
    self.init(
      id: decision.auditLogID, spaceID: actor.space.id.nonEmpty, actorUserID: actor.userID.nonEmpty,
      actorMemberID: actor.member.id.nonEmpty, actorUserMemberID: actor.binding.id.nonEmpty,
      action: decision.auditedAction, resourceType: decision.question.resourceType.nonEmpty,
      resourceID: decision.question.resourceID.nonEmpty, decision: Effect(rawValue: decision.effect),
      denyCode: decision.judgement.denyCode.map(DenyCode.init(rawValue:)), requestID: decision.requestID,
      ipAddress: decision.remoteAddress.nonEmpty, userAgent: decision.userAgent.nonEmpty,
      createdAt: row.date, trace: DecisionTrace(decision.trace))
  }
}

extension DecisionTrace {
  /// The trace that a kernel wrote; nil would mean that the client cannot read it either.
  fileprivate init?(_ written: JSONValue) {
    guard let trace = try? DecisionTrace(parsing: written.serialized()) else { return nil }
    self = trace
  }
}
