/// Sends an HTTP request to a server and returns the response.
///
/// A transport promises:
///
/// * Any status is returned, never thrown, redirects (3xx) included: it follows none.
/// * It throws nothing but ``TransportError`` and `CancellationError`, the latter if and only if the calling task
///   was cancelled, and then without delay.
/// * It gives up with `.timeout` once ``TransportRequest/timeout`` has passed, whatever has happened by then.
/// * It gives up with `.responseTooLarge` once the body exceeds ``TransportRequest/maximumResponseBytes``,
///   counted after content decoding, without holding more of it in memory than that.
/// * A body that ends before its announced length is `.truncated`, never returned.
/// * It sends the header fields it is given and adds only `Host`, those that frame the body, and
///   `Accept-Encoding` when it decodes what it asks for. It stores neither cookies nor credentials.
/// * It refuses, before it sends anything, a request that could be misread: one with a line end in a header field, or with
///   a `Host`, `Content-Length` or `Transfer-Encoding` of its own.
///
/// A transport is used by many tasks at once. The smallest one responds from memory:
///
/// ```swift
/// struct AlwaysDown: HTTPTransport {
///   func send(_ request: TransportRequest) async throws -> TransportResponse {
///     TransportResponse(status: 503, headers: ["Retry-After": "1"])
///   }
/// }
/// ```
public protocol HTTPTransport: Sendable {
  /// Sends a request and returns the response with its whole body.
  ///
  /// - Throws: ``TransportError`` when there is no complete response, `CancellationError` when the task was cancelled.
  nonisolated(nonsending) func send(_ request: TransportRequest) async throws -> TransportResponse

  /// Closes a connection because a response that came over it belongs to another request: whatever else comes over it
  /// cannot be trusted either. Requests under way on it may fail, and no later one uses it.
  ///
  /// Does nothing by default, which is right for a transport without connections of its own. One that wraps another
  /// transport passes the call on. It returns at once, and an unknown number is ignored.
  ///
  /// - Parameter id: the ``TransportResponse/connectionID`` of that response.
  func closeConnection(_ id: UInt64)

  /// Opens connections before they are needed, by sending a request over each at the same time.
  ///
  /// Does nothing by default. One that wraps another transport passes the call on.
  ///
  /// - Parameters:
  ///   - request: a request without an effect; its response is dropped, whatever its status.
  ///   - connections: how many to open.
  /// - Throws: ``TransportError`` if one of them could not be opened, `CancellationError` when the task was cancelled.
  nonisolated(nonsending) func warmUp(with request: TransportRequest, connections: Int) async throws
}

extension HTTPTransport {
  /// Does nothing.
  public func closeConnection(_ id: UInt64) {}

  /// Does nothing.
  public nonisolated(nonsending) func warmUp(with request: TransportRequest, connections: Int) async throws {}
}
