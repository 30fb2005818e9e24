extension SystemService {
  /// Waits until the service can serve, as a deployment does before it lets traffic in.
  ///
  /// Asks ``ready()`` again and again, with one request id and growing waits in between, for as long as the service
  /// starts up, cannot be reached, or fails in a way that may pass. The client's retry policy and budget have no part
  /// in it; its attempt timeout has.
  ///
  /// - Parameter limit: the time for all of it; it ends the call even where the service has not answered by then.
  /// - Returns: what the service said when it was ready.
  /// - Throws: ``PlystraError``, that of the last answer, if the time runs out, with `attempts` counting all of them; at
  ///   once where waiting would not help, such as for a certificate that is not trusted. `CancellationError`.
  @discardableResult
  public func waitUntilReady(within limit: Duration) async throws -> Readiness {
    let timing = client.core.timing
    var poll = client.with(deadline: limit, retryPolicy: .never)
    poll.requestID = client.requestID ?? RequestID.generate()
    let deadline = timing.now().advanced(by: poll.options.boundedDeadline)
    var attempt = 1
    while true {
      do {
        return try await SystemService(client: poll).ready()
      } catch var error as PlystraError {
        error.attempts += attempt - 1
        let wait =
          error.retryAfter
          ?? timing.jitter(PlystraClient.RetryPolicy.standard.longestWait(afterAttempt: attempt))
        let next = timing.now().advanced(by: max(wait, RetryAfter.shortest))
        guard error.isRetryable, next < deadline else { throw error }
        try await timing.sleep(max(wait, RetryAfter.shortest))
        poll.options.deadline = timing.now().duration(to: deadline)
        guard poll.options.deadline > .zero else { throw error }
        attempt += 1
      }
    }
  }
}
