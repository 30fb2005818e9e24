/// The answer to an ``AuthorizationRequest``.
///
/// It is allowed only if the service said exactly so (contract §4): an answer that contradicts itself never becomes a
/// decision, and a decision in words that this SDK does not know is not allowed.
public struct Decision: Sendable, Hashable, Codable {
  /// What was decided, in the service's word.
  public internal(set) var effect: Effect = ""
  /// Why it was denied, if it was.
  public internal(set) var denyCode: DenyCode?
  /// The reason in words.
  public internal(set) var reason: String = ""
  /// The id of the decision's trace.
  public internal(set) var traceID: String?
  /// The id of the audit row that the decision left.
  public internal(set) var auditLogID: String?
  /// The id of the call that asked.
  public internal(set) var requestID: String?
  /// What the audit row holds.
  public internal(set) var audit: DecisionAudit?
  /// How the decision came about; present when it was explained.
  public var trace: DecisionTrace? { boxedTrace?.value }

  /// A trace is large and rare, so it stands beside the decision instead of in it.
  var boxedTrace: Boxed<DecisionTrace>?

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
    boxedTrace = trace.map { Boxed($0) }
  }

  /// Returns the decision if it is allowed.
  ///
  /// - Throws: ``AccessDenied``, which carries the decision, if it is not.
  @discardableResult
  public func requireAllowed() throws -> Decision {
    guard isAllowed else { throw AccessDenied(decision: self) }
    return self
  }

  /// A blank decision, for reading to fill in.
  init() {}

  /// Reads a stored decision from one JSON text (UTF-8), as strictly as a received one (contract §4).
  ///
  /// - Throws: ``JSONError`` if the text is not a decision, contradicts itself, or has a key twice that decides.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { reader throws in try Self.read(from: &reader) }
  }

  /// Reads a stored decision. What contradicts itself is refused, as in a received one; but of a key that appears twice
  /// Foundation's `JSONDecoder` keeps the first, where ``init(parsing:)`` refuses the text.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the decision.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
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
