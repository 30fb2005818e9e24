/// One call from its endpoint to its result: attempts, waits and the deadline that bounds them all.
struct Call<Value: WireValue>: Sendable {
  let client: ClientCore
  let options: CallOptions
  let endpoint: Endpoint
  let requestID: String

  /// The answer's data and envelope.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  func run() async throws -> Answer<Value> {
    let start = client.timing.now()
    observe(.callStarted, attempt: 0)
    var attempt = 0
    do {
      let answer = try await attempts(from: start, &attempt)
      observe(.callFinished, attempt: attempt, outcome: "success", since: start)
      return answer
    } catch let error as PlystraError {
      observe(.callFinished, attempt: attempt, outcome: error.outcomeLabel, since: start)
      throw error
    } catch {
      observe(.callFinished, attempt: attempt, outcome: "cancelled", since: start)
      throw error
    }
  }

  private func attempts(
    from start: ContinuousClock.Instant, _ attempt: inout Int
  ) async throws -> Answer<Value> {
    guard options.boundedDeadline > .zero else { throw deadlineError }
    let deadline = start.advanced(by: options.boundedDeadline)
    var hadPartialAnswer = false
    while true {
      attempt += 1
      do {
        let answer = try await perform(attempt, until: deadline)
        client.budget.refill()
        return answer
      } catch var failure as AttemptFailure {
        try Task.checkCancellation()
        failure.error.attempts = failure.wasSent ? attempt : attempt - 1
        failure.error.operation = endpoint.operation
        if failure.error.requestID == nil { failure.error.requestID = requestID }
        let isRepeated = failure.meaning == .partialAnswer && hadPartialAnswer
        hadPartialAnswer = hadPartialAnswer || failure.meaning == .partialAnswer
        guard !isRepeated, let wait = wait(after: failure, attempt: attempt),
          client.timing.now().advanced(by: wait) < deadline, client.budget.take()
        else { throw failure.error }
        observe(.retryScheduled, attempt: attempt + 1, delay: wait)
        try await client.timing.sleep(wait)
        guard client.timing.now() < deadline else { throw failure.error }
      }
    }
  }

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
    _ kind: ClientEvent.Kind, attempt: Int, outcome: String? = nil,
    since start: ContinuousClock.Instant? = nil, delay: Duration? = nil
  ) {
    guard let observer = client.configuration.observer else { return }
    observer.observe(
      ClientEvent(
        kind: kind, operation: endpoint.operation, outcome: outcome, requestID: requestID, attempt: attempt,
        duration: start.map { $0.duration(to: client.timing.now()) }, delay: delay))
  }
}
