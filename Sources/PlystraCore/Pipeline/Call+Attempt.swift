/// One attempt of a call, with its credentials, interceptors and transport.
extension Call {
  /// Sends the request once, with the credentials of this moment.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  @inline(__always)
  nonisolated(nonsending) func exchange() async throws -> TransportResponse {
    if try !stampAtOnce() { try await stampInTime() }
    let request = try beginAttempt()
    do {
      let response: TransportResponse
      if client.hasInterceptors {
        response = try await intercept(request)
      } else {
        response = try await client.transport.send(request)
      }
      observe(
        .attemptFinished, attempt: attempt, outcome: OutcomeLabel(status: response.status),
        since: attemptStart, metrics: response.metrics)
      return response
    } catch {
      throw attemptFailure(of: error)
    }
  }

  // MARK: Credentials

  /// Takes what the attempt carries, where that is at hand.
  ///
  /// - Throws: `CancellationError`.
  @inline(never)
  private func stampAtOnce() throws -> Bool {
    if Task.isCancelled { throw CancellationError() }
    guard let atHand = client.credentials.stampAtHand(for: endpoint.credential) else { return false }
    stamp = atHand
    return true
  }

  /// Takes what the attempt carries, when it has come so far.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  @inline(never)
  private nonisolated(nonsending) func stampInTime() async throws {
    isClockStale = true
    do {
      stamp = try await client.credentials.stamp(
        for: endpoint.credential, until: deadline.instant, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  /// Replaces the token that the service refused, once in a call.
  ///
  /// - Returns: whether there is another one to try.
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  @inline(never)
  nonisolated(nonsending) func replaceToken() async throws -> Bool {
    guard !hadRefusal, let generation = stamp.generation else { return false }
    hadRefusal = true
    do {
      return try await client.credentials.refresh(
        after: generation, until: deadline.instant, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  /// Masks all that must not appear in an error: what was sent, and what the client holds by now.
  private var mask: SecretMask { client.mask(stamp.credentials.secrets + (endpoint.secrets ?? [])) }

  // MARK: The request

  /// The request, with its credential unless there are interceptors to come before that.
  ///
  /// - Throws: ``AttemptFailure`` if the deadline has passed.
  @inline(never)
  private func beginAttempt() throws -> TransportRequest {
    if isClockStale { attemptStart = client.timing.moment() }
    isClockStale = true
    let timeLeft = attemptStart.duration(to: deadline)
    guard timeLeft > .zero else {
      throw AttemptFailure(final: deadlineError, mayHaveBeenSent: false, endpoint: endpoint)
    }
    sent = attempt
    var fields: [TransportHeaders.Field] = []
    fields.reserveCapacity(client.commonFields.count + 3)
    fields += client.commonFields
    fields.append(TransportHeaders.Field(name: client.configuration.requestIDHeader, value: requestID))
    if endpoint.body != nil {
      fields.append(TransportHeaders.Field(name: "Content-Type", value: "application/json"))
    }
    if !client.hasInterceptors, let field = stamp.credentials.header(for: endpoint.credential) {
      fields.append(field)
    }
    return TransportRequest(
      method: endpoint.method, url: client.baseURL.text + endpoint.target,
      headers: TransportHeaders(fields: fields), body: endpoint.body,
      timeout: min(options.attemptTimeout, timeLeft),
      maximumResponseBytes: client.configuration.maximumResponseBytes,
      mayBeResent: endpoint.isReplayable && !needsOwnConnection, collectsMetrics: client.isObserved)
  }

  /// Sends through interceptors, authenticator and transport.
  ///
  /// - Throws: ``SendingFailure``.
  @inline(never)
  private nonisolated(nonsending) func intercept(_ request: TransportRequest) async throws
    -> TransportResponse
  {
    let chain = InterceptorChain(
      interceptors: client.configuration.interceptors,
      context: AttemptContext(operation: endpoint.operation, requestID: requestID, attempt: attempt),
      original: request, withholdsBodies: endpoint.secrets != nil,
      authenticator: Authenticator(
        baseURL: client.baseURL, choice: endpoint.credential, credentials: stamp.credentials,
        requestIDHeader: client.configuration.requestIDHeader),
      transport: client.transport, timing: client.timing)
    do {
      return try await chain.send()
    } catch {
      throw SendingFailure(cause: error, mayHaveBeenSent: chain.mayHaveBeenSent)
    }
  }

  // MARK: Failures

  /// What the attempt ends with, where interceptors and transport gave no answer.
  @inline(never)
  private func attemptFailure(of error: any Error) -> any Error {
    let failure =
      error as? SendingFailure
      ?? SendingFailure(
        cause: error, mayHaveBeenSent: (error as? TransportError)?.mayHaveBeenSent ?? true)
    guard let failure = attemptFailure(failure, mask: mask) else {
      observe(.attemptFinished, attempt: attempt, outcome: .cancelled, since: attemptStart)
      return CancellationError()
    }
    observe(
      .attemptFinished, attempt: attempt, outcome: OutcomeLabel(failure.error), since: attemptStart,
      metrics: (failure.error.underlyingError as? TransportError)?.metrics)
    return failure
  }

  /// What a failure to send means; nil if the call was cancelled.
  private func attemptFailure(_ failure: SendingFailure, mask: SecretMask) -> AttemptFailure? {
    if Task.isCancelled { return nil }
    switch failure.cause {
    case is CancellationError: return nil
    case let cause as TransportError:
      return AttemptFailure(
        mask.masked(cause), mayHaveBeenSent: failure.mayHaveBeenSent || cause.mayHaveBeenSent,
        endpoint: endpoint)
    case let cause as PlystraError:
      return AttemptFailure(
        final: mask.masked(cause), mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    default:
      let error = PlystraError(
        kind: .transport, message: "an interceptor or the transport failed",
        underlyingError: mask.masked(failure.cause))
      return AttemptFailure(final: error, mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    }
  }

  /// What a response means that could not be read as data.
  @inline(never)
  func failure(of error: any Error, in response: TransportResponse, reader: AnswerReader) -> any Error {
    guard let refusal = error as? AnswerReader.Refusal else { return error }
    return failure(reader.error(for: refusal, in: response, context: errorContext), in: response)
  }

  /// As ``failure(of:in:reader:)``, for a large response, which is not read on the caller's actor.
  nonisolated(nonsending) func failureElsewhere(
    of error: any Error, in response: TransportResponse, reader: AnswerReader
  ) async -> any Error {
    guard let refusal = error as? AnswerReader.Refusal else { return error }
    let error = await reader.errorElsewhere(for: refusal, in: response, context: errorContext)
    return failure(error, in: response)
  }

  private var errorContext: AnswerReader.Context {
    AnswerReader.Context(mask: mask, now: client.timing.wallClock())
  }

  /// Whatever else comes over a connection that is out of step cannot be trusted, so it is closed.
  private func failure(_ error: PlystraError, in response: TransportResponse) -> AttemptFailure {
    if error.underlyingError is ForeignResponse {
      if let id = response.connectionID { client.transport.closeConnection(id) }
      needsOwnConnection = true
    }
    return AttemptFailure(answer: error, endpoint: endpoint)
  }
}

/// Why interceptors and transport gave no answer.
private struct SendingFailure: Error {
  let cause: any Error
  /// Whether the service may have got the request all the same.
  let mayHaveBeenSent: Bool
}
