/// What a transport knows of one request's way: over which connection it went, and how long each part took.
///
/// Collected for requests with ``TransportRequest/collectsMetrics`` alone. A part that was not reached is nil.
public struct TransportMetrics: Sendable, Hashable {
  /// Whether the connection had been used before, or was shared with other requests; nil if there was no connection.
  public var reusedConnection: Bool?
  /// Time that the request waited for one of the connections to its host.
  public var queueing: Duration?
  /// Time to look up the host name; zero on a reused connection.
  public var resolving: Duration?
  /// Time to connect, without the look-up and TLS; zero on a reused connection.
  public var connecting: Duration?
  /// Time of the TLS handshake; zero on a reused connection and over plain HTTP.
  public var securing: Duration?
  /// Time from the request, when it was ready to be sent, to the first byte of the response.
  public var waiting: Duration?

  /// Creates metrics from their parts.
  public init(
    reusedConnection: Bool? = nil, queueing: Duration? = nil, resolving: Duration? = nil,
    connecting: Duration? = nil, securing: Duration? = nil, waiting: Duration? = nil
  ) {
    self.reusedConnection = reusedConnection
    self.queueing = queueing
    self.resolving = resolving
    self.connecting = connecting
    self.securing = securing
    self.waiting = waiting
  }
}
