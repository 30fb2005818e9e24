/// The answer to an ``AuthorizationRequest``.
///
/// It is allowed only if the service said exactly so (contract §4): an answer that contradicts itself never becomes a
/// decision, and a decision in words that this SDK does not know is not allowed.
public struct Decision: Sendable, Hashable, Codable {
  /// What was decided, in the service's word.
  public let effect: Effect
  /// Why it was denied, if it was.
  public let denyCode: DenyCode?
  /// The reason in words.
  public let reason: String
  /// The id of the decision's trace.
  public let traceID: String?
  /// The id of the audit row that the decision left.
  public let auditLogID: String?
  /// The id of the call that asked.
  public let requestID: String?
  /// What the audit row holds.
  public let audit: DecisionAudit?
  /// How the decision came about; present when it was explained.
  public var trace: DecisionTrace? { boxedTrace?.trace }

  /// A trace is large and rare, so it stands beside the decision instead of in it.
  private let boxedTrace: BoxedTrace?

  /// Whether the action may be done.
  public var isAllowed: Bool { effect == .allow && denyCode == nil }

  /// Makes a decision, for tests; with a deny code it is not allowed, whatever its effect.
  public init(
    effect: Effect, denyCode: DenyCode? = nil, reason: String = "", traceID: String? = nil,
    auditLogID: String? = nil, requestID: String? = nil, audit: DecisionAudit? = nil,
    trace: DecisionTrace? = nil
  ) {
    self.effect = effect
    self.denyCode = denyCode
    self.reason = reason
    self.traceID = traceID
    self.auditLogID = auditLogID
    self.requestID = requestID
    self.audit = audit
    boxedTrace = trace.map(BoxedTrace.init)
  }

  /// Returns the decision if it is allowed.
  ///
  /// - Throws: ``AccessDenied``, which carries the decision, if it is not.
  @discardableResult
  public func requireAllowed() throws -> Decision {
    guard isAllowed else { throw AccessDenied(decision: self) }
    return self
  }

  /// The same decision with the id of the call that asked, unless it has one.
  package func withRequestID(_ requestID: String?) -> Decision {
    Decision(self, requestID: self.requestID ?? requestID)
  }

  private init(_ decision: Decision, requestID: String?) {
    effect = decision.effect
    denyCode = decision.denyCode
    reason = decision.reason
    traceID = decision.traceID
    auditLogID = decision.auditLogID
    self.requestID = requestID
    audit = decision.audit
    boxedTrace = decision.boxedTrace
  }

  /// Reads a stored decision, as strictly as a received one.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the decision.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

/// A trace on the heap.
private final class BoxedTrace: Sendable, Hashable {
  let trace: DecisionTrace
  init(_ trace: DecisionTrace) { self.trace = trace }
  static func == (lhs: BoxedTrace, rhs: BoxedTrace) -> Bool { lhs.trace == rhs.trace }
  func hash(into hasher: inout Hasher) { hasher.combine(trace) }
}

/// A decision that does not allow what was asked, as an error.
public struct AccessDenied: Error, Sendable, Hashable {
  /// The decision.
  public let decision: Decision
  /// Makes an error of a decision.
  public init(decision: Decision) { self.decision = decision }
}

extension AccessDenied: CustomStringConvertible {
  /// The deny code, the reason and the ids on one line.
  public var description: String {
    var text = "access denied"
    if let code = decision.denyCode { text += " (\(code))" }
    if !decision.reason.isEmpty { text += ": \(decision.reason)" }
    if let id = decision.traceID { text += ", trace \(id)" }
    if let id = decision.auditLogID { text += ", audit log \(id)" }
    return text
  }
}
