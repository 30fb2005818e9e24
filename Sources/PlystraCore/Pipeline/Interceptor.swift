/// Wraps each attempt of a call: to add header fields, to log, to measure, to trace.
///
/// It never sees a credential: they are applied after it, and the bodies of calls that carry passwords or tokens
/// are withheld from it, in both directions: it sees none, and what it puts in place of the request's is not sent.
/// Credentials that it sets are dropped, and the request's id, limits and base URL stay what they are: a request led
/// elsewhere, or a header field that belongs to the transport, such as `Host`, fails the call with `invalidRequest`.
///
/// Its own time counts against the attempt's, though it is not interrupted.
///
/// ```swift
/// struct TraceParent: Interceptor {
///   func intercept(_ request: TransportRequest, context: AttemptContext, next: Next) async throws -> TransportResponse {
///     var request = request
///     request.headers["traceparent"] = currentTraceParent()
///     return try await next(request)
///   }
/// }
/// ```
public protocol Interceptor: Sendable {
  /// Sends the request on: to the next interceptor or, after the last, to the authenticator and the transport.
  typealias Next = @Sendable (TransportRequest) async throws -> TransportResponse

  /// Handles one attempt; calling `next` more than once sends more than once.
  ///
  /// What it throws other than ``TransportError`` and `CancellationError` ends the call, without another attempt.
  func intercept(_ request: TransportRequest, context: AttemptContext, next: Next) async throws
    -> TransportResponse
}

/// Which attempt of which call an interceptor handles.
public struct AttemptContext: Sendable, Hashable {
  /// The call, such as `authz.check`.
  public let operation: String
  /// The call's id, the same for all attempts.
  public let requestID: String
  /// The attempt, counted from 1.
  public let attempt: Int

  /// Makes a context, for tests of interceptors.
  public init(operation: String, requestID: String, attempt: Int) {
    self.operation = operation
    self.requestID = requestID
    self.attempt = attempt
  }
}
