/// The answer to an ``AuthorizationRequest``.
///
/// It is allowed only if the service said exactly so (contract §4): an answer that contradicts itself never becomes a
/// decision, and a decision in words that this SDK does not know is not allowed.
public struct Decision: PlystraModel {
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
  public package(set) var requestID: String?
  /// What the audit row holds.
  public let audit: DecisionAudit?
  /// How the decision came about; present when it was explained.
  public var trace: DecisionTrace? { boxedTrace?.value }

  /// A trace is large and rare, so it stands beside the decision instead of in it.
  let boxedTrace: Boxed<DecisionTrace>?

  /// Whether the action may be done.
  public var isAllowed: Bool { effect == .allow && denyCode == nil }

  /// Makes a decision, for tests; with a deny code it is not allowed, whatever its effect.
  public init(
    effect: Effect, denyCode: DenyCode? = nil, reason: String = "", traceID: String? = nil,
    auditLogID: String? = nil, requestID: String? = nil, audit: DecisionAudit? = nil,
    trace: DecisionTrace? = nil
  ) {
    self.init(
      effect: effect, denyCode: denyCode, reason: reason, traceID: traceID, auditLogID: auditLogID,
      requestID: requestID, audit: audit, boxedTrace: trace.map { Boxed($0) })
  }

  init(
    effect: Effect, denyCode: DenyCode?, reason: String, traceID: String?, auditLogID: String?,
    requestID: String?, audit: DecisionAudit?, boxedTrace: Boxed<DecisionTrace>?
  ) {
    self.effect = effect
    self.denyCode = denyCode
    self.reason = reason
    self.traceID = traceID
    self.auditLogID = auditLogID
    self.requestID = requestID
    self.audit = audit
    self.boxedTrace = boxedTrace
  }

  /// Returns the decision if it is allowed.
  ///
  /// - Throws: ``AccessDenied``, which carries the decision, if it is not.
  @discardableResult
  public func requireAllowed() throws -> Decision {
    guard isAllowed else { throw AccessDenied(decision: self) }
    return self
  }

  /// Reads a stored decision from one JSON text (UTF-8), as strictly as a received one (contract §4).
  ///
  /// - Throws: ``JSONError`` if the text is not a decision, contradicts itself, or has a key twice. Of such a key
  ///   Foundation's `JSONDecoder` keeps the first.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { try Self.read(from: &$0) }
  }
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
    if !decision.reason.isEmpty { text += ": \(OneLine.text(decision.reason))" }
    if let id = decision.traceID { text += ", trace \(OneLine.text(id))" }
    if let id = decision.auditLogID { text += ", audit log \(OneLine.text(id))" }
    return text
  }
}
