/// One call from its endpoint to its result: attempts, waits and the deadline that bounds them all.
///
/// Its functions run where they are called: each of the executor's checks that they need not make costs as much as a
/// lock.
///
/// What deals with failures is kept out of its async functions: each would otherwise hold room for every error that may
/// come up, for as long as the call waits for its answer.
struct Call<Value: WireValue>: Sendable {
  let client: ClientCore
  let options: CallOptions
  let endpoint: Endpoint
  let requestID: String

  /// The answer's data and envelope.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  nonisolated(nonsending) func run() async throws -> Answer<Value> {
    let start = client.timing.moment()
    observe(.callStarted, attempt: 0)
    var progress = Progress()
    do {
      let answer = try await attempts(from: start, &progress)
      observe(.callFinished, attempt: progress.sent, outcome: .success, since: start)
      return answer
    } catch {
      observeEnd(with: error, attempt: progress.sent, since: start)
      throw error
    }
  }

  @inline(never)
  private func observeEnd(with error: any Error, attempt: Int, since start: Moment) {
    observe(
      .callFinished, attempt: attempt, outcome: (error as? PlystraError).map(OutcomeLabel.init) ?? .cancelled,
      since: start)
  }

  /// How far a call has come.
  struct Progress {
    /// The attempt that is under way, counted from 1.
    var attempt = 0
    /// How many attempts got as far as being sent.
    var sent = 0
    var hadPartialAnswer = false
    /// Whether the service has refused a session's token: a second refusal surfaces.
    var hadRefusal = false
  }

  private nonisolated(nonsending) func attempts(
    from start: Moment, _ progress: inout Progress
  ) async throws -> Answer<Value> {
    guard options.boundedDeadline > .zero else { throw outOfTime() }
    let deadline = start.advanced(by: options.boundedDeadline)
    while true {
      progress.attempt += 1
      do {
        let answer = try await perform(until: deadline, &progress)
        client.budget.refill()
        return answer
      } catch {
        let retry = try retry(after: error, until: deadline, &progress)
        try await client.timing.sleep(retry.wait)
        guard client.timing.moment() < deadline else { throw retry.error }
      }
    }
  }

  /// How long to wait before another attempt, and what the call ends with if there is no time for it behind that.
  ///
  /// - Throws: ``PlystraError`` if there is to be none; `CancellationError`.
  @inline(never)
  private func retry(
    after error: any Error, until deadline: Moment, _ progress: inout Progress
  ) throws -> (wait: Duration, error: any Error) {
    guard var failure = error as? AttemptFailure else { throw error }
    try Task.checkCancellation()
    failure.error.attempts = progress.sent
    failure.error.operation = endpoint.operation
    if failure.error.requestID == nil { failure.error.requestID = requestID }
    let isRepeated = failure.meaning == .partialAnswer && progress.hadPartialAnswer
    progress.hadPartialAnswer = progress.hadPartialAnswer || failure.meaning == .partialAnswer
    guard !isRepeated, let wait = wait(after: failure, attempt: progress.attempt),
      client.timing.moment().advanced(by: wait) < deadline, client.budget.take()
    else { throw failure.error }
    observe(.retryScheduled, attempt: progress.attempt + 1, delay: wait)
    return (wait, failure.error)
  }

  @inline(never)
  private func outOfTime() -> any Error { deadlineError }

  /// How long to wait before the next attempt, or nil if there is to be none.
  private func wait(after failure: AttemptFailure, attempt: Int) -> Duration? {
    guard attempt < options.retryPolicy.maximumAttempts else { return nil }
    switch failure.meaning {
    case .final: return nil
    case .uncertain, .partialAnswer: if !endpoint.isReplayable { return nil }
    case .notSent: break
    }
    if let asked = failure.error.retryAfter { return max(asked, RetryAfter.shortest) }
    return client.timing.jitter(options.retryPolicy.longestWait(afterAttempt: attempt))
  }

  var deadlineError: PlystraError {
    PlystraError(
      kind: .timeout, operation: endpoint.operation, message: "the deadline of \(options.deadline) passed",
      requestID: requestID, isRetryable: true)
  }

  func observe(
    _ kind: ClientEvent.Kind, attempt: Int, outcome: @autoclosure () -> OutcomeLabel? = nil,
    since start: Moment? = nil, delay: Duration? = nil
  ) {
    guard client.isObserved, let observer = client.configuration.observer else { return }
    observer.observe(
      ClientEvent(
        kind: kind, operation: endpoint.operation, requestID: requestID, outcome: outcome()?.text,
        attempt: attempt, duration: start.map { $0.duration(to: client.timing.moment()) }, delay: delay))
  }
}
