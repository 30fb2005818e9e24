/// Receives events of a client: to count, to measure, to log.
///
/// It is called on the calling task, so it must return at once. It receives no header, no body and no URL. Each call that
/// is not refused before it begins has a start and an end.
public protocol ClientObserver: Sendable {
  /// Takes note of an event.
  func observe(_ event: ClientEvent)
}

/// Something that happened in a client.
public struct ClientEvent: Sendable, Hashable {
  /// What happened: an open set, so that a later version can add more.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, fit for a metric label.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { OneLine.text(rawValue) }

    /// A call began.
    public static let callStarted = Kind(rawValue: "callStarted")
    /// An attempt of a call ended, well or not; one that is made again with a new token ends twice.
    public static let attemptFinished = Kind(rawValue: "attemptFinished")
    /// A call will be attempted again, after `delay`.
    public static let retryScheduled = Kind(rawValue: "retryScheduled")
    /// A session's tokens were refreshed, or the attempt to do so ended.
    public static let credentialRefreshed = Kind(rawValue: "credentialRefreshed")
    /// A call ended, well or not.
    public static let callFinished = Kind(rawValue: "callFinished")
  }

  /// What happened.
  public let kind: Kind
  /// The call, such as `authz.check`: one of the SDK's few names, fit for a metric label.
  public let operation: String
  /// How it ended, fit for a metric label: `success`; `cancelled`; of an attempt with a response, the status, such
  /// as `http.503`; else the kind of the failure with what distinguishes it, such as `transport.reset` or `api.503`.
  /// Nil where nothing ended.
  public let outcome: String?
  /// The id of the call, for logs; not fit for a label.
  public let requestID: String
  /// The attempt, counted from 1; of a scheduled retry, the one to come; of a call that began, 0; of one that ended,
  /// how many there were.
  public let attempt: Int
  /// How long the attempt, the refresh or the call took.
  public let duration: Duration?
  /// How long the client waits before the next attempt.
  public let delay: Duration?
  /// Of a finished attempt: the connection that it used and how long each part took, as far as the transport knows.
  public let metrics: TransportMetrics?

  /// Creates an event from its parts.
  public init(
    kind: Kind, operation: String, requestID: String, outcome: String? = nil, attempt: Int = 0,
    duration: Duration? = nil, delay: Duration? = nil, metrics: TransportMetrics? = nil
  ) {
    self.kind = kind
    self.operation = operation
    self.requestID = requestID
    self.outcome = outcome
    self.attempt = attempt
    self.duration = duration
    self.delay = delay
    self.metrics = metrics
  }
}
