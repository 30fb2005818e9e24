/// An HTTP response with its whole body, of any status.
public struct TransportResponse: Sendable {
  /// The final status, 200…599; interim responses (1xx) are never returned.
  public var status: Int
  /// The header fields of the final response.
  public var headers: TransportHeaders
  /// The body after content decoding; empty when there was none.
  public var body: [UInt8]
  /// The transport's own number for the connection that the response came over, which
  /// ``HTTPTransport/closeConnection(_:)`` takes; nil if the transport does not distinguish its connections.
  public var connectionID: UInt64?
  /// How the request went, if ``TransportRequest/collectsMetrics`` asked for it and the transport knows.
  public var metrics: TransportMetrics?

  /// Creates a response from its parts.
  public init(
    status: Int, headers: TransportHeaders = TransportHeaders(), body: [UInt8] = [],
    connectionID: UInt64? = nil, metrics: TransportMetrics? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.connectionID = connectionID
    self.metrics = metrics
  }
}

extension TransportResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Status and body length; never body bytes, which may hold credentials.
  public var description: String { "HTTP \(status), body of \(body.count) bytes" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Everything but the body's bytes and the values of credential headers.
  public var customMirror: Mirror {
    Mirror(self, children: ["status": status, "headers": headers, "bodyLength": body.count])
  }
}
