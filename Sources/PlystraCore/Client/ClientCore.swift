/// What all copies of a client share.
final class ClientCore: Sendable {
  let baseURL: BaseURL
  let configuration: PlystraClient.Configuration
  let commonFields: [TransportHeaders.Field]
  let isObserved: Bool
  let hasInterceptors: Bool
  let transport: any HTTPTransport
  let timing: Timing
  let credentials: CredentialStore
  let gate: CredentialGate
  let budget: RetryBudget

  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`.
  init(
    baseURL: BaseURL, credentials: Credentials, session: TokenPair?,
    configuration: PlystraClient.Configuration,
    transport: any HTTPTransport, timing: Timing, onRotation: (@Sendable (TokenPair) async -> Void)?
  ) throws {
    try configuration.validate()
    self.baseURL = baseURL
    self.configuration = configuration
    commonFields = configuration.commonHeaders().fields
    isObserved = configuration.observer != nil
    hasInterceptors = !configuration.interceptors.isEmpty
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
    guard endpoint.credential != .none, !credentials.hasAPIKey else { return }
    let kinds = credentials.kinds
    if endpoint.needsAPIKey, !kinds.apiKey, kinds.token {
      throw PlystraError(
        kind: .credentials, operation: endpoint.operation,
        message:
          "grants and actor metadata (Context Mode) require an API key; the client has an access token only",
        code: .inlineContextRequiresAPIKey, requestID: requestID)
    }
    guard !kinds.apiKey, !kinds.token else { return }
    var refusal = PlystraError.noCredential
    refusal.operation = endpoint.operation
    refusal.requestID = requestID
    throw refusal
  }
}
