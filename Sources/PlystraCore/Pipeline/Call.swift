/// One call on its way from its endpoint to its answer: attempts, waits and the deadline that bounds them all.
///
/// It belongs to the task that makes the call, and is changed by that alone. While the task waits, what it holds is this
/// object and the frames of a few short functions: all that needs room is done by functions that do not wait.
///
/// Its functions run where they are called: each of the executor's checks that they need not make costs as much as a
/// lock.
final class Call {
  let client: ClientCore
  let options: CallOptions
  let endpoint: Endpoint
  let requestID: String
  let deadline: Moment
  private let start: Moment

  /// The attempt that is under way, counted from 1.
  private(set) var attempt = 0
  /// How many attempts got as far as being sent.
  var sent = 0
  /// What the attempt under way carries, and when it began.
  var stamp = CredentialStore.Stamp(credentials: Credentials())
  var attemptStart: Moment
  /// Whether time has passed since `attemptStart` was the present moment: to look at the clock takes as long as to make
  /// a text.
  var isClockStale = false
  /// Whether the service has refused a session's token: a second refusal surfaces.
  var hadRefusal = false
  private var hadUnusableResponse = false
  /// Whether the next attempt must not share a connection with other requests: the last one got a response to one.
  var needsOwnConnection = false
  /// What the answer says beside its data, once there is one.
  private var facts = AnswerFacts()
  /// What comes before the next attempt.
  private var pause: Pause?

  private struct Pause {
    let wait: Duration
    /// What the call ends with if there is no time left behind the wait.
    let failure: any Error
  }

  init(client: ClientCore, options: CallOptions, endpoint: Endpoint, requestID: String) {
    self.client = client
    self.options = options
    self.endpoint = endpoint
    self.requestID = requestID
    start = client.timing.moment()
    deadline = start.advanced(by: options.boundedDeadline)
    attemptStart = start
  }

  // MARK: From attempt to attempt

  /// The answer's data and what stands beside them; to be called once, and not beside ``data()``.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  nonisolated(nonsending) func answer<Value: WireValue>() async throws -> Answer<Value> {
    let data: Value = try await data()
    return Answer(data: data, facts: facts)
  }

  /// The response's data; to be called once.
  ///
  /// - Parameter mismatch: names what shows that the data belongs to another request; nil where nothing does.
  /// - Throws: ``PlystraError`` or `CancellationError`.
  nonisolated(nonsending) func data<Value: WireValue>(
    mismatch: (Value) -> String? = { _ in nil }
  ) async throws -> Value {
    try begin()
    while true {
      let response = try await response()
      if response.body.count > Self.mostReadInPlace {
        if let data = try await readElsewhere(response, mismatch) { return data }
      } else {
        if let data = try read(response, mismatch) { return data }
      }
    }
  }

  @inline(never)
  private func begin() throws {
    observe(.callStarted, attempt: 0)
    isClockStale = client.isObserved
    guard options.boundedDeadline > .zero else { throw ended(with: deadlineError) }
  }

  /// What the next attempt that is answered gets, whatever its status.
  @inline(never)
  private nonisolated(nonsending) func response() async throws -> TransportResponse {
    while true {
      if let pause { try await rest(pause) }
      attempt += 1
      do {
        while true {
          let response = try await exchange()
          guard response.status == 401, try await replaceToken() else { return response }
        }
      } catch {
        try prepareRetry(after: error)
      }
    }
  }

  /// Waits for the next attempt.
  @inline(never)
  private nonisolated(nonsending) func rest(_ pause: Pause) async throws {
    do {
      try await client.timing.sleep(pause.wait)
    } catch {
      throw ended(with: error)
    }
    guard client.timing.moment() < deadline else { throw ended(with: pause.failure) }
  }

  /// Has another attempt follow a failed one.
  ///
  /// - Throws: what the call ends with, if there is to be none.
  @inline(never)
  private func prepareRetry(after error: any Error) throws {
    do {
      pause = try pause(after: error)
    } catch {
      throw ended(with: error)
    }
  }

  /// - Throws: ``PlystraError`` if there is to be no other attempt; `CancellationError`.
  private func pause(after error: any Error) throws -> Pause {
    guard var failure = error as? AttemptFailure else { throw error }
    try Task.checkCancellation()
    failure.error.attempts = sent
    failure.error.operation = endpoint.operation
    if failure.error.requestID == nil { failure.error.requestID = requestID }
    let isRepeated = failure.meaning == .unusableResponse && hadUnusableResponse
    hadUnusableResponse = hadUnusableResponse || failure.meaning == .unusableResponse
    guard !isRepeated, let wait = wait(after: failure),
      client.timing.moment().advanced(by: wait) < deadline, client.budget.take()
    else { throw failure.error }
    observe(.retryScheduled, attempt: attempt + 1, delay: wait)
    return Pause(wait: wait, failure: failure.error)
  }

  /// How long to wait before the next attempt, or nil if there is to be none.
  private func wait(after failure: AttemptFailure) -> Duration? {
    guard attempt < options.retryPolicy.maximumAttempts else { return nil }
    switch failure.meaning {
    case .final: return nil
    case .uncertain, .unusableResponse: if !endpoint.isReplayable { return nil }
    case .notSent: break
    }
    if let asked = failure.error.retryAfter { return max(asked, RetryAfter.shortest) }
    return client.timing.jitter(options.retryPolicy.longestWait(afterAttempt: attempt))
  }

  // MARK: The answer

  /// Larger answers, in bytes, are not read on the caller's actor: it may be the one that draws the screen.
  private static var mostReadInPlace: Int { 64 << 10 }

  private var reader: AnswerReader {
    AnswerReader(
      operation: endpoint.operation, requestID: requestID,
      requestIDHeader: client.configuration.requestIDHeader,
      idRule: client.configuration.answersRequestIDs == .any
        ? .any : endpoint.isDecision ? .asSent : .asSentOrNone)
  }

  /// - Returns: nil if another attempt is to be made.
  @inline(never)
  private func read<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: (Value) -> String?
  ) throws -> Value? {
    var data: Value?
    do {
      facts = try reader.read(response, attempt: attempt, into: &data)
      if let data, let field = mismatch(data) { throw AnswerReader.Refusal.otherQuestion(field: field) }
      succeeded()
    } catch {
      try prepareRetry(after: failure(of: error, in: response, reader: reader))
      data = nil
    }
    return data
  }

  /// As ``read(_:_:)``.
  @inline(never)
  private nonisolated(nonsending) func readElsewhere<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: (Value) -> String?
  ) async throws -> Value? {
    do {
      let answer: (data: Value?, facts: AnswerFacts) = try await reader.readElsewhere(
        response, attempt: attempt)
      if let data = answer.data, let field = mismatch(data) {
        throw AnswerReader.Refusal.otherQuestion(field: field)
      }
      facts = answer.facts
      succeeded()
      return answer.data
    } catch {
      try prepareRetry(after: await failureElsewhere(of: error, in: response, reader: reader))
      return nil
    }
  }

  /// The id that the response names, or else the one that was sent.
  var requestIDOfResponse: String { facts.requestID }

  private func succeeded() {
    client.budget.refill()
    observe(.callFinished, attempt: sent, outcome: .success, since: start)
  }

  private func ended(with error: any Error) -> any Error {
    observe(
      .callFinished, attempt: sent, outcome: (error as? PlystraError).map(OutcomeLabel.init) ?? .cancelled,
      since: start)
    return error
  }

  var deadlineError: PlystraError {
    PlystraError(
      kind: .timeout, operation: endpoint.operation, message: "the deadline of \(options.deadline) passed",
      requestID: requestID, isRetryable: true)
  }

  func observe(
    _ kind: ClientEvent.Kind, attempt: Int, outcome: @autoclosure () -> OutcomeLabel? = nil,
    since start: Moment? = nil, delay: Duration? = nil, metrics: @autoclosure () -> TransportMetrics? = nil
  ) {
    guard client.isObserved, let observer = client.configuration.observer else { return }
    observer.observe(
      ClientEvent(
        kind: kind, operation: endpoint.operation, requestID: requestID, outcome: outcome()?.text,
        attempt: attempt, duration: start.map { $0.duration(to: client.timing.moment()) }, delay: delay,
        metrics: metrics()))
  }
}
