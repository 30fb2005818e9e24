/// One call: its attempts, and the deadline that bounds them all.
///
/// A call belongs to the task that makes it. It is an object, so that the frames of a waiting task stay small.
final class Call {
  let client: ClientCore
  let options: CallOptions
  let endpoint: Endpoint
  let requestID: String
  private let start: ContinuousClock.Instant

  /// The attempt in progress, counted from 1.
  private(set) var attempt = 1
  /// How many attempts got as far as being sent.
  var attemptsSent = 0
  /// The client's credentials at the start of the call, or of the last retry.
  var snapshot: CredentialStore.Snapshot
  /// The credentials that the attempt carries.
  var credentials = Credentials()
  /// When the attempt began, as the time since the call's start.
  var attemptStart = Duration.zero
  /// Whether a session's token was refreshed because it was refused: a second 401 ends the call.
  private var hasRefreshed = false
  /// Whether a response could not be used: a second one ends the call.
  private var hadUnusableResponse = false
  /// Whether the next attempt must not share a connection, as the last one got a response to another request.
  var needsOwnConnection = false

  init(
    client: ClientCore, options: CallOptions, endpoint: Endpoint, requestID: String,
    credentials snapshot: CredentialStore.Snapshot
  ) {
    self.client = client
    self.options = options
    self.endpoint = endpoint
    self.requestID = requestID
    self.snapshot = snapshot
    start = client.timing.now()
  }

  /// Makes the call; to be called once.
  ///
  /// The strategy: an attempt prepares the request, sends it and reads the response. After a 401 to a session's token,
  /// the token is refreshed and the attempt is made again, once in a call. After a failure that another attempt may
  /// mend, the call backs off and retries, as far as retry policy, retry budget and deadline allow.
  ///
  /// - Parameter mismatch: names what shows that the data belongs to another request; nil where nothing does.
  /// - Throws: ``PlystraError`` or `CancellationError`.
  nonisolated(nonsending) func response<Value: WireValue>(
    mismatch: @Sendable (Value) -> String? = { _ in nil }
  ) async throws -> APIResponse<Value> {
    observe(.callStarted, attempt: 0)
    do {
      guard deadline > .zero else { throw deadlineError }
      while true {
        do {
          let response = try await send(prepare())
          if response.status == 401, try await refreshToken() { continue }
          let result = try await read(response, mismatch)
          finish()
          return result
        } catch {
          try await retry(after: error)
        }
      }
    } catch {
      finish(with: error)
      throw error
    }
  }

  // MARK: Refresh, retry, finish

  /// Refreshes the token that the service refused, once in a call.
  ///
  /// - Returns: whether there is another token to try.
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private nonisolated(nonsending) func refreshToken() async throws -> Bool {
    guard !hasRefreshed, let generation = credentials.generation else { return false }
    hasRefreshed = true
    do {
      return try await client.credentials.refresh(
        after: generation, until: deadlineInstant, using: client.refreshTokens)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  /// Waits for the time of the next attempt.
  ///
  /// - Throws: what the call ends with, if there is to be no other attempt: ``PlystraError`` or `CancellationError`.
  private nonisolated(nonsending) func retry(after error: any Error) async throws {
    guard var failure = error as? AttemptFailure else { throw error }
    try Task.checkCancellation()
    failure.error.attempts = attemptsSent
    failure.error.operation = endpoint.operation
    if failure.error.requestID == nil { failure.error.requestID = requestID }
    guard let backoff = backoff(after: failure), elapsed + backoff < deadline, client.retryBudget.take()
    else { throw failure.error }
    observe(.retryScheduled, attempt: attempt + 1, delay: backoff)
    try await client.timing.sleep(backoff)
    guard elapsed < deadline else { throw failure.error }
    attempt += 1
    snapshot = client.credentials.snapshot()
  }

  /// How long to wait before the next attempt, or nil if there is to be none.
  private func backoff(after failure: AttemptFailure) -> Duration? {
    if failure.meaning == .unusableResponse {
      guard !hadUnusableResponse else { return nil }
      hadUnusableResponse = true
    }
    guard attempt < options.retryPolicy.maximumAttempts else { return nil }
    switch failure.meaning {
    case .final: return nil
    case .uncertain, .unusableResponse: if !endpoint.isReplayable { return nil }
    case .notSent: break
    }
    if let retryAfter = failure.error.retryAfter { return max(retryAfter, RetryAfter.shortest) }
    return client.timing.jitter(options.retryPolicy.longestBackoff(afterAttempt: attempt))
  }

  /// Ends the call, with the error if there is one.
  private func finish(with error: (any Error)? = nil) {
    if error == nil { client.retryBudget.refill() }
    observe(.callFinished, attempt: attemptsSent, outcome: OutcomeLabel(ofCall: error), duration: elapsed)
  }

  // MARK: Time and events

  /// How long after its start the call must end.
  var deadline: Duration { options.boundedDeadline }

  var deadlineInstant: ContinuousClock.Instant { start.advanced(by: deadline) }

  /// How long ago the call started.
  var elapsed: Duration { start.duration(to: client.timing.now()) }

  var deadlineError: PlystraError {
    PlystraError(
      kind: .timeout, operation: endpoint.operation, message: "the deadline of \(options.deadline) passed",
      requestID: requestID, isRetryable: true)
  }

  func observe(
    _ kind: ClientEvent.Kind, attempt: Int, outcome: @autoclosure () -> OutcomeLabel? = nil,
    duration: @autoclosure () -> Duration? = nil, delay: Duration? = nil,
    metrics: @autoclosure () -> TransportMetrics? = nil
  ) {
    guard let observer = client.configuration.observer else { return }
    observer.observe(
      ClientEvent(
        kind: kind, operation: endpoint.operation, requestID: requestID, outcome: outcome()?.text,
        attempt: attempt, duration: duration(), delay: delay, metrics: metrics()))
  }
}
