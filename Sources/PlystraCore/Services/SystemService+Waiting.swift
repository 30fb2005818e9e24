extension SystemService {
  /// Waits until the service can serve, as a deployment does before it lets traffic in.
  ///
  /// Calls ``ready()`` again and again, with one request id and growing waits in between, for as long as the service
  /// starts up, cannot be reached, or fails in a way that may pass. The client's retry policy and budget have no part
  /// in it; its attempt timeout has.
  ///
  /// - Parameters:
  ///   - limit: the time for all of it; the call ends then even if the service has not responded.
  ///   - connections: how many connections to the service to have open afterwards, 1 or more, so that the first calls need
  ///     not wait for them; ``HTTPTransport/warmUp(with:connections:)`` opens those beyond the first. Where HTTP/2 is
  ///     spoken, one carries all calls.
  /// - Returns: what the service said when it was ready.
  /// - Throws: ``PlystraError``, that of the last response, if the time runs out, with `attempts` counting all of them; at
  ///   once where waiting would not help, such as for a certificate that is not trusted, or if the connections cannot be
  ///   opened. `CancellationError`.
  @discardableResult
  public func waitUntilReady(within limit: Duration, connections: Int = 1) async throws -> Readiness {
    guard connections > 0 else {
      throw PlystraError.configuration("connections", "is \(connections); choose 1 or more")
    }
    let timing = client.core.timing
    var poll = client.with(deadline: limit, retryPolicy: .never)
    poll.requestID = client.requestID ?? RequestID.generate()
    let deadline = timing.now().advanced(by: poll.options.boundedDeadline)
    var attempt = 1
    while true {
      do {
        let readiness = try await SystemService(client: poll).ready()
        if connections > 1 {
          poll.options.deadline = timing.now().duration(to: deadline)
          try await poll.warmUp(connections: connections)
        }
        return readiness
      } catch var error as PlystraError {
        error.attempts += attempt - 1
        let wait =
          error.retryAfter
          ?? timing.jitter(PlystraClient.RetryPolicy.standard.longestBackoff(afterAttempt: attempt))
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

extension PlystraClient {
  /// Has the transport open connections with requests for the service's health.
  fileprivate func warmUp(connections: Int) async throws {
    let endpoint = Endpoint.read("system.health", "/api/v1/health", credential: .none)
    let request = TransportRequest(
      method: endpoint.method, url: core.baseURL.text + endpoint.target,
      headers: core.headers(requestID: requestID, hasBody: false),
      timeout: min(options.attemptTimeout, options.deadline),
      maximumResponseBytes: core.configuration.maximumResponseBytes, mayBeResent: true)
    do {
      try await core.transport.warmUp(with: request, connections: connections)
    } catch let error as TransportError {
      var failure = AttemptFailure(
        core.mask([]).masked(error), mayHaveBeenSent: error.mayHaveBeenSent, endpoint: endpoint
      )
      .error
      failure.isRetryable = false
      failure.requestID = requestID
      throw failure
    }
  }
}
