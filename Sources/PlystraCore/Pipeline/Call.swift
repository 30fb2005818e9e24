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
    let deadline = client.timing.now() + options.deadline
    var attempt = 0
    var hadPartialAnswer = false
    while true {
      attempt += 1
      do {
        return try await perform(attempt, until: deadline)
      } catch var failure as AttemptFailure {
        try Task.checkCancellation()
        failure.error.attempts = attempt
        if failure.error.requestID == nil { failure.error.requestID = requestID }
        let isRepeated = failure.meaning == .partialAnswer && hadPartialAnswer
        hadPartialAnswer = hadPartialAnswer || failure.meaning == .partialAnswer
        guard !isRepeated, let wait = wait(after: failure, attempt: attempt),
          client.timing.now().advanced(by: wait) < deadline
        else { throw failure.error }
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

  /// One attempt.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private func perform(_ attempt: Int, until deadline: ContinuousClock.Instant) async throws -> Answer<Value>
  {
    try Task.checkCancellation()
    let timeLeft = client.timing.now().duration(to: deadline)
    guard timeLeft > .zero else { throw AttemptFailure(final: deadlineError()) }
    let credentials = client.credentials.withLock { $0 }
    let request = self.request(timeout: min(options.attemptTimeout, timeLeft))
    let authenticator = Authenticator(
      origin: client.baseURL.origin, choice: endpoint.credential, credentials: credentials)
    let response = try await send(request, attempt: attempt, authenticator: authenticator)
    let reader = AnswerReader(
      operation: endpoint.operation, requestID: requestID,
      mask: SecretMask(credentials.secrets + (endpoint.secrets ?? [])), now: client.timing.wallClock())
    do {
      let (data, envelope): (Value, Envelope<Value>) = try reader.read(response)
      return Answer(
        data: data, status: response.status, headers: response.headers, pagination: envelope.pagination,
        requestID: envelope.requestID ?? response.headers["X-Request-ID"] ?? requestID)
    } catch let error as PlystraError {
      throw AttemptFailure(answer: error)
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
    } catch var error as PlystraError {
      error.operation = endpoint.operation
      throw AttemptFailure(final: error)
    } catch {
      try Task.checkCancellation()
      throw AttemptFailure(
        final: PlystraError(
          kind: .transport, operation: endpoint.operation, message: "an interceptor or the transport failed",
          underlyingError: error))
    }
  }
}

/// What a call may be told beyond its client's configuration.
struct CallOptions: Sendable {
  var deadline: Duration
  var attemptTimeout: Duration
  var retryPolicy: RetryPolicy
}

/// An answer that was read.
struct Answer<Value: WireValue>: Sendable {
  let data: Value
  let status: Int
  let headers: HTTPHeaders
  let pagination: Pagination?
  let requestID: String
}
