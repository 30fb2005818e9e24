/// Why a transport has no complete response to return.
public struct TransportError: Error, Sendable {
  /// The kind of a transport failure: an open set, so that a later version can distinguish more of them.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, fit for a metric label.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { OneLine.text(rawValue) }

    /// The host name has no address.
    public static let resolve = Kind(rawValue: "resolve")
    /// No connection could be made.
    public static let connect = Kind(rawValue: "connect")
    /// The TLS handshake failed, or the server's certificate is not trusted.
    public static let tls = Kind(rawValue: "tls")
    /// The time for the request ran out.
    public static let timeout = Kind(rawValue: "timeout")
    /// The connection was closed or reset before the response began.
    public static let reset = Kind(rawValue: "reset")
    /// The response ended before it was complete.
    public static let truncated = Kind(rawValue: "truncated")
    /// The server did not speak HTTP as it should.
    public static let protocolViolation = Kind(rawValue: "protocolViolation")
    /// The response exceeds the limit for bodies or headers.
    public static let responseTooLarge = Kind(rawValue: "responseTooLarge")
    /// The transport was shut down.
    public static let shutDown = Kind(rawValue: "shutDown")
    /// Anything else.
    public static let other = Kind(rawValue: "other")
  }

  /// What failed.
  public var kind: Kind
  /// The failure in words, without credentials.
  public var message: String
  /// Whether some of the request may have reached the server, so that it may have acted on it.
  public var mayHaveBeenSent: Bool
  /// The underlying error, if there is one.
  public var underlyingError: (any Error)?
  /// How far the request got, if ``TransportRequest/collectsMetrics`` asked for it and the transport knows.
  public var metrics: TransportMetrics?

  /// Creates an error from its parts.
  public init(
    kind: Kind, message: String, mayHaveBeenSent: Bool, underlyingError: (any Error)? = nil,
    metrics: TransportMetrics? = nil
  ) {
    self.kind = kind
    self.message = message
    self.mayHaveBeenSent = mayHaveBeenSent
    self.underlyingError = underlyingError
    self.metrics = metrics
  }
}

extension TransportError: CustomStringConvertible {
  /// Kind and message on one line, long messages cut.
  public var description: String { "\(kind): \(OneLine.text(message))" }
}
