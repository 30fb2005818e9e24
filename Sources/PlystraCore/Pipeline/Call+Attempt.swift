/// One attempt of a call, with its credentials, interceptors and transport.
extension Call {
  /// One attempt; where a session's token is refused, it is replaced and the attempt made once more.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  nonisolated(nonsending) func perform(
    until deadline: Moment, _ progress: inout Progress
  ) async throws -> Answer<Value> {
    var (response, stamp) = try await exchange(until: deadline, &progress)
    if response.status == 401, !progress.hadRefusal, let generation = stamp.generation {
      progress.hadRefusal = true
      if try await replaceToken(of: generation, until: deadline) {
        (response, stamp) = try await exchange(until: deadline, &progress)
      }
    }
    if response.body.count <= Self.mostReadInPlace { return try read(response, stamp, progress.attempt) }
    return try await readElsewhere(response, stamp, progress.attempt)
  }

  /// Larger answers, in bytes, are not read on the caller's actor: it may be the one that draws the screen.
  private static var mostReadInPlace: Int { 64 << 10 }

  @concurrent @inline(never)
  private func readElsewhere(
    _ response: HTTPResponse, _ stamp: CredentialStore.Stamp, _ attempt: Int
  ) async throws -> Answer<Value> {
    try read(response, stamp, attempt)
  }

  /// - Returns: whether there is another token to try.
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  @inline(never)
  private nonisolated(nonsending) func replaceToken(
    of generation: Int, until deadline: Moment
  ) async throws -> Bool {
    do {
      return try await client.credentials.refresh(
        after: generation, until: deadline.instant, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  @inline(never)
  private func read(
    _ response: HTTPResponse, _ stamp: CredentialStore.Stamp, _ attempt: Int
  ) throws -> Answer<Value> {
    let reader = AnswerReader(operation: endpoint.operation, requestID: requestID)
    do {
      return try reader.read(response, attempt: attempt)
    } catch let refusal as AnswerReader.Refusal {
      throw failure(of: refusal, in: response, stamp, reader)
    }
  }

  @inline(never)
  private func failure(
    of refusal: AnswerReader.Refusal, in response: HTTPResponse, _ stamp: CredentialStore.Stamp,
    _ reader: AnswerReader
  ) -> AttemptFailure {
    let context = AnswerReader.Context(
      mask: SecretMask(secrets(with: stamp)), now: client.timing.wallClock())
    return AttemptFailure(
      answer: reader.error(for: refusal, in: response, context: context), endpoint: endpoint)
  }

  /// All that must not appear in an error: what was sent, and what the client holds by now.
  private func secrets(with stamp: CredentialStore.Stamp) -> [Secret] {
    stamp.credentials.secrets + client.credentials.secrets + (endpoint.secrets ?? [])
  }

  /// Sends the request once, with the credentials of this moment.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private nonisolated(nonsending) func exchange(
    until deadline: Moment, _ progress: inout Progress
  ) async throws -> (response: HTTPResponse, stamp: CredentialStore.Stamp) {
    try Task.checkCancellation()
    let stamp: CredentialStore.Stamp
    if let atHand = client.credentials.stampAtHand(for: endpoint.credential) {
      stamp = atHand
    } else {
      stamp = try await stampInTime(until: deadline)
    }
    let start = client.timing.moment()
    let timeLeft = start.duration(to: deadline)
    guard timeLeft > .zero else {
      throw outOfTimeToSend()
    }
    let attempt = progress.attempt
    progress.sent = attempt
    var request = request(timeout: min(options.attemptTimeout, timeLeft))
    do {
      let response: HTTPResponse
      if client.hasInterceptors {
        let authenticator = Authenticator(
          baseURL: client.baseURL, choice: endpoint.credential, credentials: stamp.credentials)
        response = try await intercept(request, attempt: attempt, authenticator: authenticator)
      } else {
        stamp.credentials.stamp(&request, endpoint.credential)
        response = try await client.transport.send(request)
      }
      observe(
        .attemptFinished, attempt: attempt, outcome: OutcomeLabel(status: response.status), since: start)
      return (response, stamp)
    } catch {
      throw attemptFailure(of: error, stamp: stamp, attempt: attempt, since: start)
    }
  }

  @inline(never)
  private func outOfTimeToSend() -> any Error {
    AttemptFailure(final: deadlineError, mayHaveBeenSent: false, endpoint: endpoint)
  }

  /// What the attempt ends with, where interceptors and transport gave no answer.
  @inline(never)
  private func attemptFailure(
    of error: any Error, stamp: CredentialStore.Stamp, attempt: Int, since start: Moment
  ) -> any Error {
    let failure =
      error as? SendingFailure
      ?? SendingFailure(
        cause: error, mayHaveBeenSent: (error as? TransportError)?.mayHaveBeenSent ?? true)
    guard let failure = attemptFailure(failure, mask: SecretMask(secrets(with: stamp))) else {
      observe(.attemptFinished, attempt: attempt, outcome: .cancelled, since: start)
      return CancellationError()
    }
    observe(.attemptFinished, attempt: attempt, outcome: OutcomeLabel(failure.error), since: start)
    return failure
  }

  /// What the attempt carries, when it has come so far.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  @inline(never)
  private nonisolated(nonsending) func stampInTime(
    until deadline: Moment
  ) async throws -> CredentialStore.Stamp {
    do {
      return try await client.credentials.stamp(
        for: endpoint.credential, until: deadline.instant, exchange: client.exchange)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  /// The request without credentials.
  private func request(timeout: Duration) -> HTTPRequest {
    var fields: [HTTPHeaders.Field] = []
    // With room for the credential, which is stamped later.
    fields.reserveCapacity(client.commonFields.count + 3)
    fields += client.commonFields
    fields.append(HTTPHeaders.Field(name: "X-Request-ID", value: requestID))
    if endpoint.body != nil {
      fields.append(HTTPHeaders.Field(name: "Content-Type", value: "application/json"))
    }
    return HTTPRequest(
      method: endpoint.method, url: client.baseURL.url(of: endpoint.target), headers: HTTPHeaders(fields),
      body: endpoint.body, timeout: timeout, maximumResponseBytes: client.configuration.maximumResponseBytes,
      mayBeResent: endpoint.isReplayable)
  }

  /// Sends through interceptors, authenticator and transport.
  ///
  /// - Throws: ``SendingFailure``.
  @inline(never)
  private nonisolated(nonsending) func intercept(
    _ request: HTTPRequest, attempt: Int, authenticator: Authenticator
  ) async throws -> HTTPResponse {
    let chain = InterceptorChain(
      interceptors: client.configuration.interceptors,
      context: AttemptContext(operation: endpoint.operation, requestID: requestID, attempt: attempt),
      original: request, withholdsBodies: endpoint.secrets != nil, authenticator: authenticator,
      transport: client.transport, timing: client.timing)
    do {
      return try await chain.send()
    } catch {
      throw SendingFailure(cause: error, mayHaveBeenSent: chain.mayHaveBeenSent)
    }
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
      return AttemptFailure(final: cause, mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    default:
      let error = PlystraError(
        kind: .transport, message: "an interceptor or the transport failed",
        underlyingError: mask.masked(failure.cause))
      return AttemptFailure(final: error, mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    }
  }
}

/// Why interceptors and transport gave no answer.
private struct SendingFailure: Error {
  let cause: any Error
  /// Whether the service may have got the request all the same.
  let mayHaveBeenSent: Bool
}
