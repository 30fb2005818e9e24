/// Is told what a client does: to count, to measure, to log.
///
/// It is called on the calling task, so it must return at once; it sees no header, no body and no URL.
public protocol ClientObserver: Sendable {
  /// Takes note of an event.
  func observe(_ event: ClientEvent)
}

/// Something that happened in a client.
public struct ClientEvent: Sendable, Hashable {
  /// What happened: an open set, so that a later version can tell of more.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind, fit for a metric label.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { rawValue }

    /// A call began.
    public static let callStarted = Kind(rawValue: "callStarted")
    /// An attempt of a call ended, well or not.
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
  /// How it ended: `success`, `cancelled`, or the kind of the failure with what tells it apart, such as
  /// `transport.reset` or `api.503`; fit for a metric label. Nil where nothing ended.
  public let outcome: String?
  /// The id of the call, for logs; not fit for a label.
  public let requestID: String
  /// The attempt, counted from 1; of an ended call, how many there were.
  public let attempt: Int
  /// How long the attempt, the refresh or the call took.
  public let duration: Duration?
  /// How long the client waits before the next attempt.
  public let delay: Duration?
}

extension PlystraError {
  /// The failure as a label: one of few.
  var outcomeLabel: String {
    if let transport = underlyingError as? TransportError, kind == .transport || kind == .timeout {
      return "\(kind).\(transport.kind)"
    }
    if kind == .api, let status, (100..<600).contains(status) { return "\(kind).\(status)" }
    return kind.rawValue
  }
}
