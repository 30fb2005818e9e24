/// How a decision came about, from the actor to the grants that were weighed (contract §4).
///
/// What the service did not find is blank: an unregistered type leaves `target` and `registry` empty.
public struct DecisionTrace: Sendable, Hashable, Codable {
  /// The version of the trace's form, such as `1.0`.
  public var traceVersion: String = ""
  /// The trace's id.
  public var traceID: String?
  /// What was decided.
  public var decision: Effect = ""
  /// Why it was denied, if it was.
  public var denyCode: DenyCode?
  /// Who acted.
  public var actor = Actor()
  /// The space in which it was judged.
  public var space = Space()
  /// What was acted on.
  public var target = Target()
  /// What the service knows of the type and the action.
  public var registry: Registry {
    get { boxedRegistry.value }
    set { boxedRegistry.value = newValue }
  }
  /// Apart from the rest, which is then small enough for memory to be had quickly.
  private var boxedRegistry = Boxed<Registry>()
  /// The grants that were weighed, in order.
  public var matchedCandidates: [Candidate] = []
  /// The request that asked.
  public var request = RequestInfo()
  /// The reason in words.
  public var reason: String = ""
  /// What the audit row holds.
  public var audit = DecisionAudit()

  /// Makes a blank trace, for tests to fill in.
  public init() {}
  /// Reads a stored trace from one JSON text (UTF-8), as strictly as a received one (contract §4).
  ///
  /// - Throws: ``JSONError`` if the text is not a trace, or has a key twice that decides.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { reader throws in try Self.read(from: &reader) }
  }
  /// Reads a stored trace; of a key that appears twice Foundation's `JSONDecoder` keeps the first, where
  /// ``init(parsing:)`` refuses the text.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the trace.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension DecisionTrace: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("trace_version", &traceVersion)
    try visitor.field("trace_id", &traceID)
    try visitor.decisiveRequired("decision", &decision)
    try visitor.decisive("deny_code", &denyCode)
    try evidenceFields(&visitor)
    try visitor.field("reason", &reason)
    try visitor.field("audit", &audit)
  }

  /// The fields that only an explained decision has.
  mutating func evidenceFields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("actor", &actor)
    try visitor.field("space", &space)
    try visitor.field("target", &target)
    try visitor.field("resource_registry", &boxedRegistry)
    try visitor.field("matched_candidates", &matchedCandidates)
    try visitor.field("request", &request)
  }
}

extension DecisionTrace {
  /// The request that asked for the decision.
  public struct RequestInfo: Sendable, Hashable, Codable {
    /// The request's id.
    public var requestID: String?
    /// The caller's address.
    public var ip: String?
    /// The caller's user agent.
    public var userAgent: String?
    /// Makes a blank request.
    public init() {}
    /// Reads a stored request.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the request.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
