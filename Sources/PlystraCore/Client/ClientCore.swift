/// What all copies of a client share.
final class ClientCore: Sendable {
  let baseURL: BaseURL
  let configuration: PlystraClient.Configuration
  /// The header fields that all requests have in common.
  private let commonFields: [TransportHeaders.Field]
  let transport: any HTTPTransport
  let timing: Timing
  let credentials: CredentialStore
  let credentialPolicy: CredentialPolicy
  let requestIDs = RequestID.Sequence()
  let retryBudget: RetryBudget

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
    self.transport = transport
    self.timing = timing
    retryBudget = RetryBudget(tokens: configuration.retryBudget)
    let policy = CredentialPolicy(baseURL: baseURL, allowsInsecureHTTP: configuration.allowsInsecureHTTP)
    credentialPolicy = policy
    self.credentials = CredentialStore(
      Credentials(
        apiKey: try policy.validated(credentials.apiKey, field: "apiKey"),
        accessToken: try policy.validated(credentials.accessToken, field: "accessToken")),
      session: try policy.validated(session), timing: timing, onRotation: onRotation)
  }

  /// Refuses a call before anything is sent: one whose body would show a password or token to everybody on the way,
  /// and one that needs a credential when there is none.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`.
  func checkCredentials(
    _ credentials: CredentialStore.Snapshot, for endpoint: Endpoint, requestID: String
  ) throws {
    var error: PlystraError
    if endpoint.secrets != nil, !credentialPolicy.allowsCredentials {
      error = .credentials("baseURL", "the call's password or token \(CredentialPolicy.plainHTTP)")
    } else if endpoint.credential == .none || credentials.apiKey != nil {
      return
    } else if !credentials.hasToken {
      error = .noCredential
    } else if endpoint.needsAPIKey {
      error = .apiKeyRequired
    } else {
      return
    }
    error.operation = endpoint.operation
    error.requestID = requestID
    throw error
  }

  /// The header fields of a request, without its credentials.
  func headers(requestID: String?, hasBody: Bool) -> TransportHeaders {
    var fields: [TransportHeaders.Field] = []
    // With room for the credentials.
    fields.reserveCapacity(commonFields.count + 3)
    fields += commonFields
    if let requestID {
      fields.append(TransportHeaders.Field(name: configuration.requestIDHeader, value: requestID))
    }
    if hasBody { fields.append(TransportHeaders.Field(name: "Content-Type", value: "application/json")) }
    return TransportHeaders(fields: fields)
  }
}
