/// How a decision came about, from the actor to the grants that were weighed (contract §4).
///
/// What the service did not find is blank: an unregistered type leaves `target` and `registry` empty.
public struct DecisionTrace: PlystraModel {
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
  public var registry = Registry()
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
  /// - Throws: ``JSONError`` if the text is not a trace, or a key appears twice in it. Of such a key Foundation's
  ///   `JSONDecoder` keeps the first.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { try Self.read(from: &$0) }
  }
}

extension DecisionTrace: WireModel {
  package init(from fields: inout JSONReader) throws {
    traceVersion = try fields.value("trace_version", or: "")
    traceID = try fields.optional("trace_id")
    decision = try fields.required("decision")
    denyCode = try fields.optional("deny_code")
    actor = try fields.value("actor", or: .init())
    space = try fields.value("space", or: .init())
    target = try fields.value("target", or: .init())
    registry = try fields.value("resource_registry", or: .init())
    matchedCandidates = try fields.value("matched_candidates", or: [])
    request = try fields.value("request", or: .init())
    reason = try fields.value("reason", or: "")
    audit = try fields.value("audit", or: .init())
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("trace_version", traceVersion)
    writer.optional("trace_id", traceID)
    writer.field("decision", decision)
    writer.optional("deny_code", denyCode)
    writer.field("actor", actor)
    writer.field("space", space)
    writer.field("target", target)
    writer.field("resource_registry", registry)
    writer.field("matched_candidates", matchedCandidates)
    writer.field("request", request)
    writer.field("reason", reason)
    writer.field("audit", audit)
  }
}

extension DecisionTrace {
  /// The request that asked for the decision.
  public struct RequestInfo: PlystraModel {
    /// The request's id.
    public var requestID: String?
    /// The caller's address.
    public var ip: String?
    /// The caller's user agent.
    public var userAgent: String?
    /// Makes a blank request.
    public init() {}
  }
}

extension DecisionTrace.RequestInfo: WireModel {
  package init(from fields: inout JSONReader) throws {
    requestID = try fields.optional("request_id")
    ip = try fields.optional("ip")
    userAgent = try fields.optional("user_agent")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("request_id", requestID)
    writer.optional("ip", ip)
    writer.optional("user_agent", userAgent)
  }
}
