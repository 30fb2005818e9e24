/// What all copies of a client share.
final class ClientCore: Sendable {
  let baseURL: BaseURL
  let configuration: Configuration
  let commonHeaders: HTTPHeaders
  let transport: any HTTPTransport
  let timing: Timing
  let credentials: CredentialStore
  let gate: CredentialGate
  let budget: RetryBudget

  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`.
  init(
    baseURL: BaseURL, credentials: Credentials, session: TokenPair?, configuration: Configuration,
    transport: any HTTPTransport, timing: Timing, onRotation: (@Sendable (TokenPair) async -> Void)?
  ) throws {
    try configuration.validate()
    self.baseURL = baseURL
    self.configuration = configuration
    commonHeaders = configuration.commonHeaders()
    self.transport = transport
    self.timing = timing
    budget = RetryBudget(tokens: configuration.retryBudget)
    let gate = CredentialGate(baseURL: baseURL, allowsInsecureHTTP: configuration.allowsInsecureHTTP)
    self.gate = gate
    self.credentials = CredentialStore(
      Credentials(
        apiKey: try gate.admit(credentials.apiKey, field: "apiKey"),
        accessToken: try gate.admit(credentials.accessToken, field: "accessToken")),
      session: try gate.admit(session), timing: timing, onRotation: onRotation)
  }

  /// Refuses a call before anything is sent: one whose body would show a password or token to everybody on the way,
  /// and one that needs a credential when there is none.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`.
  func admit(_ endpoint: Endpoint, requestID: String) throws {
    guard endpoint.secrets == nil || gate.isOpen else {
      var refusal = PlystraError.credentials(
        "baseURL", "the call's password or token \(CredentialGate.plainHTTP)")
      refusal.operation = endpoint.operation
      refusal.requestID = requestID
      throw refusal
    }
    guard endpoint.credential != .none else { return }
    let kinds = credentials.kinds
    if endpoint.needsAPIKey, !kinds.apiKey, kinds.token {
      throw PlystraError(
        kind: .credentials, operation: endpoint.operation,
        message:
          "grants and actor metadata (Context Mode) require an API key; the client has an access token only",
        code: .inlineContextRequiresAPIKey, requestID: requestID)
    }
    guard !kinds.apiKey, !kinds.token else { return }
    throw PlystraError(
      kind: .credentials, operation: endpoint.operation,
      message: "the client has neither an API key nor an access token; set one of them",
      code: .authenticationRequired, requestID: requestID)
  }
}

extension ClientCore {
  /// Exchanges a refresh token for a new pair, as a call of its own that no caller can cancel.
  func exchange(_ refreshToken: Secret) async -> RefreshOutcome {
    let start = timing.now()
    let requestID = RequestID.generate()
    let outcome: RefreshOutcome
    var label = "success"
    do {
      let call = Call<TokenPair>(
        client: self, options: CallOptions(configuration),
        endpoint: try AuthService.refreshEndpoint(refreshToken), requestID: requestID)
      outcome = rotation(to: try await call.run().data)
      if case .uncertain(let error) = outcome { label = error.outcomeLabel }
    } catch let error as PlystraError {
      outcome = RefreshOutcome(error)
      label = error.outcomeLabel
    } catch {
      outcome = .uncertain(.sessionUncertain(after: nil))
      label = "cancelled"
    }
    configuration.observer?.observe(
      ClientEvent(
        kind: .credentialRefreshed, operation: "auth.refresh", outcome: label, requestID: requestID,
        attempt: 1,
        duration: start.duration(to: timing.now()), delay: nil))
    return outcome
  }

  /// New tokens, if they can be used: the old ones are dead in any case.
  private func rotation(to pair: TokenPair) -> RefreshOutcome {
    do {
      return .rotated(try gate.admit(pair))
    } catch {
      return .uncertain(.sessionUncertain(after: error as? PlystraError))
    }
  }
}
