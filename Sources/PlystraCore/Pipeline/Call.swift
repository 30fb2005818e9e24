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
    let deadline = start.advanced(by: min(options.deadline, Self.longestDeadline))
    observe(.callStarted, attempt: 0)
    var attempt = 0
    do {
      let answer = try await attempts(until: deadline, &attempt)
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

  /// Longer deadlines are cut to this, so that no clock overflows.
  private static var longestDeadline: Duration { .seconds(365 * 86_400) }

  private func attempts(
    until deadline: ContinuousClock.Instant, _ attempt: inout Int
  ) async throws -> Answer<Value> {
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

  /// One attempt; where a session's token is refused, it is refreshed and the attempt made once more.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private func perform(_ attempt: Int, until deadline: ContinuousClock.Instant) async throws -> Answer<Value>
  {
    let (response, stamp) = try await exchange(attempt, until: deadline)
    guard response.status == 401, let generation = stamp.generation else {
      return try read(response, attempt)
    }
    do {
      try await client.credentials.refresh(after: generation, until: deadline, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error)
    }
    return try read(await exchange(attempt, until: deadline).response, attempt)
  }

  private func read(_ response: HTTPResponse, _ attempt: Int) throws -> Answer<Value> {
    let reader = AnswerReader(
      operation: endpoint.operation, requestID: requestID,
      secrets: { client.credentials.secrets + (endpoint.secrets ?? []) }, now: client.timing.wallClock())
    do {
      return try reader.read(response, attempt: attempt)
    } catch let error as PlystraError {
      throw AttemptFailure(answer: error)
    }
  }

  /// Sends the request once, with the credentials of this moment.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private func exchange(
    _ attempt: Int, until deadline: ContinuousClock.Instant
  ) async throws -> (response: HTTPResponse, stamp: CredentialStore.Stamp) {
    try Task.checkCancellation()
    let stamp: CredentialStore.Stamp
    do {
      stamp = try await client.credentials.stamp(
        for: endpoint.credential, until: deadline, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(unsent: error)
    }
    let start = client.timing.now()
    let timeLeft = start.duration(to: deadline)
    guard timeLeft > .zero else { throw AttemptFailure(unsent: deadlineError()) }
    let request = self.request(timeout: min(options.attemptTimeout, timeLeft))
    let authenticator = Authenticator(
      origin: client.baseURL.origin, choice: endpoint.credential, credentials: stamp.credentials)
    do {
      let response = try await send(request, attempt: attempt, authenticator: authenticator)
      observe(.attemptFinished, attempt: attempt, outcome: "http.\(response.status)", since: start)
      return (response, stamp)
    } catch let failure as AttemptFailure {
      observe(.attemptFinished, attempt: attempt, outcome: failure.error.outcomeLabel, since: start)
      throw failure
    } catch {
      observe(.attemptFinished, attempt: attempt, outcome: "cancelled", since: start)
      throw error
    }
  }

  private func deadlineError() -> PlystraError {
    PlystraError(
      kind: .timeout, operation: endpoint.operation, message: "the deadline of \(options.deadline) passed",
      isRetryable: true)
  }

  /// The request without credentials.
  private func request(timeout: Duration) -> HTTPRequest {
    var headers = client.commonHeaders
    headers.add("X-Request-ID", requestID)
    if endpoint.body != nil { headers.add("Content-Type", "application/json") }
    return HTTPRequest(
      method: endpoint.method, url: client.baseURL.origin + client.baseURL.prefix + endpoint.target,
      headers: headers,
      body: endpoint.body, timeout: timeout, maximumResponseBytes: client.configuration.maximumResponseBytes,
      mayBeResent: endpoint.isReplayable)
  }

  /// Sends through interceptors, authenticator and transport.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private func send(
    _ request: HTTPRequest, attempt: Int, authenticator: Authenticator
  ) async throws -> HTTPResponse {
    do {
      guard !client.configuration.interceptors.isEmpty else {
        return try await client.transport.send(authenticator.authenticate(request, original: request))
      }
      let context = AttemptContext(operation: endpoint.operation, requestID: requestID, attempt: attempt)
      return try await InterceptorChain(
        interceptors: client.configuration.interceptors, context: context, transport: client.transport,
        authenticator: authenticator, withholdsBodies: endpoint.secrets != nil
      ).send(request)
    } catch let error as TransportError {
      try Task.checkCancellation()
      throw AttemptFailure(error, operation: endpoint.operation, isReplayable: endpoint.isReplayable)
    } catch let error as CancellationError {
      throw error
    } catch let error as PlystraError {
      throw AttemptFailure(final: error)
    } catch {
      try Task.checkCancellation()
      throw AttemptFailure(
        final: PlystraError(
          kind: .transport, operation: endpoint.operation, message: "an interceptor or the transport failed",
          underlyingError: error))
    }
  }

  private func observe(
    _ kind: ClientEvent.Kind, attempt: Int, outcome: String? = nil,
    since start: ContinuousClock.Instant? = nil,
    delay: Duration? = nil
  ) {
    guard let observer = client.configuration.observer else { return }
    observer.observe(
      ClientEvent(
        kind: kind, operation: endpoint.operation, outcome: outcome, requestID: requestID, attempt: attempt,
        duration: start.map { $0.duration(to: client.timing.now()) }, delay: delay))
  }
}
