/// The steps of an attempt, in their order: prepare, send, read.
extension Call {
  // MARK: Prepare

  /// Makes the request of an attempt, and takes the credentials that it will carry.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  nonisolated(nonsending) func prepare() async throws -> TransportRequest {
    if Task.isCancelled { throw CancellationError() }
    if let credentials = snapshot.credentials(for: endpoint.credential) {
      self.credentials = credentials
    } else {
      try await waitForToken()
    }
    return try makeRequest()
  }

  /// Takes the token for an attempt, refreshed first if it is about to expire.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  private nonisolated(nonsending) func waitForToken() async throws {
    do {
      credentials = try await client.credentials.credentials(
        for: endpoint.credential, until: deadlineInstant, refresh: client.refreshTokens)
    } catch let error as PlystraError {
      throw AttemptFailure(final: error, mayHaveBeenSent: false, endpoint: endpoint)
    }
  }

  /// The request without its credentials, which the authenticator applies.
  ///
  /// - Throws: ``AttemptFailure`` if the deadline has passed.
  private func makeRequest() throws -> TransportRequest {
    attemptStart = elapsed
    let timeLeft = deadline - attemptStart
    guard timeLeft > .zero else {
      throw AttemptFailure(final: deadlineError, mayHaveBeenSent: false, endpoint: endpoint)
    }
    attemptsSent = attempt
    return TransportRequest(
      method: endpoint.method, url: client.baseURL.text + endpoint.target,
      headers: client.headers(requestID: requestID, hasBody: endpoint.body != nil), body: endpoint.body,
      timeout: min(options.attemptTimeout, timeLeft),
      maximumResponseBytes: client.configuration.maximumResponseBytes,
      mayBeResent: endpoint.isReplayable && !needsOwnConnection,
      collectsMetrics: client.configuration.observer != nil)
  }

  // MARK: Send

  /// Sends the request through interceptors, authenticator and transport.
  ///
  /// - Throws: ``AttemptFailure`` or `CancellationError`.
  nonisolated(nonsending) func send(
    _ request: consuming TransportRequest
  ) async throws -> TransportResponse {
    let authenticator = Authenticator(client: client, field: credentials.header(for: endpoint.credential))
    do {
      let response: TransportResponse
      if client.configuration.interceptors.isEmpty {
        response = try await authenticator.send(request)
      } else {
        response = try await interceptorChain(request, authenticator).send()
      }
      observe(
        .attemptFinished, attempt: attempt, outcome: OutcomeLabel(status: response.status),
        duration: elapsed - attemptStart, metrics: response.metrics)
      return response
    } catch {
      throw sendFailure(error)
    }
  }

  private func interceptorChain(
    _ request: TransportRequest, _ authenticator: Authenticator
  ) -> InterceptorChain {
    InterceptorChain(
      context: AttemptContext(operation: endpoint.operation, requestID: requestID, attempt: attempt),
      original: request, withholdsBodies: endpoint.secrets != nil, authenticator: authenticator,
      client: client)
  }

  /// What an attempt without a response throws: ``AttemptFailure`` or `CancellationError`.
  private func sendFailure(_ error: any Error) -> any Error {
    let sending = SendingFailure(error)
    guard !Task.isCancelled, !(sending.cause is CancellationError) else {
      observe(
        .attemptFinished, attempt: attempt, outcome: .cancelled, duration: elapsed - attemptStart)
      return CancellationError()
    }
    let failure = AttemptFailure(sending, mask: mask, endpoint: endpoint)
    observe(
      .attemptFinished, attempt: attempt, outcome: OutcomeLabel(failure.error),
      duration: elapsed - attemptStart,
      metrics: (failure.error.underlyingError as? TransportError)?.metrics)
    return failure
  }

  // MARK: Read

  /// Larger responses, in bytes, are not read on the caller's actor: it may be the one that draws the screen.
  private static var mostReadInPlace: Int { 64 << 10 }

  /// Reads the response.
  ///
  /// - Throws: ``AttemptFailure``.
  nonisolated(nonsending) func read<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: @Sendable (Value) -> String?
  ) async throws -> APIResponse<Value> {
    do {
      guard response.body.count > Self.mostReadInPlace else { return try reader.read(response, mismatch) }
      return try await reader.readConcurrently(response, mismatch)
    } catch {
      throw readFailure(error, response)
    }
  }

  private var reader: ResponseReader {
    ResponseReader(
      client: client, operation: endpoint.operation, requestID: requestID, attempts: attempt,
      credentials: credentials, secrets: endpoint.secrets,
      idRule: client.configuration.answersRequestIDs == .any
        ? .any : endpoint.isDecision ? .asSent : .asSentOrNone)
  }

  /// What an attempt throws whose response is not the data asked for.
  private func readFailure(_ error: any Error, _ response: TransportResponse) -> any Error {
    guard let error = error as? PlystraError else { return error }
    if error.underlyingError is ForeignResponse {
      // Whatever else comes over a connection that is out of step cannot be trusted.
      if let id = response.connectionID { client.transport.closeConnection(id) }
      needsOwnConnection = true
    }
    return AttemptFailure(response: error, endpoint: endpoint)
  }

  /// Masks everything that must not appear in an error: what was sent, and what the client holds by now.
  private var mask: SecretMask { client.mask(credentials.secrets + (endpoint.secrets ?? [])) }
}
