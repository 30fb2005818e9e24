/// Why a call failed.
///
/// Cancellation is not among the reasons: it is `CancellationError`, as everywhere in Swift. A denied decision is no
/// failure either; `Decision.requireAllowed()` turns one into `AccessDenied`.
public struct PlystraError: Error, Sendable {
  /// The kind of a failure: an open set, so that a later version can distinguish more of them.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, fit for a metric label.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { OneLine.text(rawValue) }

    /// No complete response arrived.
    public static let transport = Kind(rawValue: "transport")
    /// The time for the call ran out.
    public static let timeout = Kind(rawValue: "timeout")
    /// The service responded with an error.
    public static let api = Kind(rawValue: "api")
    /// The response is not what the contract says; nothing was taken from it.
    public static let decoding = Kind(rawValue: "decoding")
    /// The request was refused before anything was sent.
    public static let invalidRequest = Kind(rawValue: "invalidRequest")
    /// A credential is missing, malformed, or may not be sent there.
    public static let credentials = Kind(rawValue: "credentials")
    /// A client or transport was set up wrongly.
    public static let configuration = Kind(rawValue: "configuration")
  }

  /// What failed.
  public var kind: Kind
  /// The call that failed, such as `authz.check`; empty while a client is made or set up.
  public var operation: String
  /// The failure in words, without credentials.
  public var message: String
  /// The HTTP status, if a response arrived.
  public var status: Int?
  /// The service's code, or the SDK's own.
  public var code: ErrorCode?
  /// Why the service denied the action, if that is what it did.
  public var denyCode: DenyCode?
  /// What else the service said; or, of a response that is not JSON, its first 256 bytes at most.
  public var details: JSONValue?
  /// The id of the call, which the service's logs carry too.
  public var requestID: String?
  /// The id of the decision's trace.
  public var traceID: String?
  /// The id of the decision's audit row.
  public var auditLogID: String?
  /// How many times the request was attempted; 0 if it was refused before.
  public var attempts: Int
  /// How long the service asks to wait before the next try.
  public var retryAfter: Duration?
  /// Whether the same call may succeed later.
  public var isRetryable: Bool
  /// Whether the service may have carried the call out all the same: its response was lost or makes no sense, or it
  /// failed underway. False for calls that may arrive twice without harm.
  public var outcomeUnknown: Bool
  /// The underlying error, such as a ``TransportError`` or a `JSONError`.
  public var underlyingError: (any Error)?

  /// Makes an error of its parts.
  public init(
    kind: Kind, operation: String = "", message: String, status: Int? = nil, code: ErrorCode? = nil,
    denyCode: DenyCode? = nil, details: JSONValue? = nil, requestID: String? = nil, traceID: String? = nil,
    auditLogID: String? = nil, attempts: Int = 0, retryAfter: Duration? = nil, isRetryable: Bool = false,
    outcomeUnknown: Bool = false, underlyingError: (any Error)? = nil
  ) {
    self.kind = kind
    self.operation = operation
    self.message = message
    self.status = status
    self.code = code
    self.denyCode = denyCode
    self.details = details
    self.requestID = requestID
    self.traceID = traceID
    self.auditLogID = auditLogID
    self.attempts = attempts
    self.retryAfter = retryAfter
    self.isRetryable = isRetryable
    self.outcomeUnknown = outcomeUnknown
    self.underlyingError = underlyingError
  }
}

extension PlystraError {
  /// A setting that cannot be honoured, named, with what to do.
  package static func configuration(_ field: String, _ message: String) -> PlystraError {
    PlystraError(kind: .configuration, message: "\(field): \(message)")
  }

  /// A credential that is malformed or may not be sent, named, with what to do, and never its value.
  package static func credentials(_ field: String, _ message: String) -> PlystraError {
    PlystraError(kind: .credentials, message: "\(field): \(message)")
  }

  /// An argument of a call that is refused before anything is sent, named, with what to do.
  package static func invalidRequest(
    _ field: String, _ message: String, operation: String = ""
  ) -> PlystraError {
    PlystraError(kind: .invalidRequest, operation: operation, message: "\(field): \(message)")
  }
}

extension PlystraError: CustomStringConvertible {
  /// One line: operation, kind, status, code, message, ids; never `details`, which may quote a response. Texts of the
  /// service that are long are cut, and characters in them that would break the line are escaped.
  public var description: String {
    var text = operation.isEmpty ? "" : "\(OneLine.text(operation)): "
    text += kind.description
    if let status { text += " \(status)" }
    if let code { text += " \(code)" }
    text += ": \(OneLine.text(message))"
    if let denyCode { text += ", deny code \(denyCode)" }
    if let requestID { text += ", request \(OneLine.text(requestID))" }
    if let traceID { text += ", trace \(OneLine.text(traceID))" }
    if let auditLogID { text += ", audit log \(OneLine.text(auditLogID))" }
    if attempts > 1 { text += ", after \(attempts) attempts" }
    if outcomeUnknown { text += ", outcome unknown" }
    return text
  }
}
