/// What carries an HTTP request to a server and brings back the answer.
///
/// A transport promises:
///
/// * Any status is returned, never thrown, redirects (3xx) included: it follows none.
/// * It throws nothing but ``TransportError`` and `CancellationError`, the latter if and only if the calling task
///   was cancelled, and then without delay.
/// * It gives up with `.timeout` once ``HTTPRequest/timeout`` has passed, wherever the exchange stands.
/// * It gives up with `.responseTooLarge` as soon as the body exceeds ``HTTPRequest/maximumResponseBytes``,
///   counted after content decoding, without holding more of it in memory than that.
/// * A body that ends before its announced length is `.truncated`, never returned.
/// * It sends the header fields it is given and adds only `Host`, those that frame the body, and
///   `Accept-Encoding` when it decodes what it asks for. It stores neither cookies nor credentials.
///
/// A transport is used by many tasks at once. The smallest one answers from memory:
///
/// ```swift
/// struct AlwaysDown: HTTPTransport {
///   func send(_ request: HTTPRequest) async throws -> HTTPResponse {
///     HTTPResponse(status: 503, headers: ["Retry-After": "1"])
///   }
/// }
/// ```
public protocol HTTPTransport: Sendable {
  /// Sends a request and returns the answer with its whole body.
  ///
  /// - Throws: ``TransportError`` when there is no complete answer, `CancellationError` when the task was cancelled.
  nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
