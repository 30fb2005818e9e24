/// What all copies of a client share.
final class ClientCore: Sendable {
  let baseURL: BaseURL
  let configuration: Configuration
  let commonHeaders: HTTPHeaders
  let transport: any HTTPTransport
  let timing: Timing
  let credentials: Locked<Credentials>

  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`.
  init(
    baseURL: BaseURL, credentials: Credentials, configuration: Configuration, transport: any HTTPTransport,
    timing: Timing
  ) throws {
    try configuration.validate()
    self.baseURL = baseURL
    self.configuration = configuration
    commonHeaders = configuration.commonHeaders()
    self.transport = transport
    self.timing = timing
    self.credentials = Locked(Credentials())
    let admitted = Credentials(
      apiKey: try admitted(credentials.apiKey, field: "apiKey"),
      accessToken: try admitted(credentials.accessToken, field: "accessToken"))
    self.credentials.withLock { $0 = admitted }
  }

  /// A credential, if it is well-formed and may travel to the base URL.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func admitted(_ secret: Secret?, field: String) throws -> Secret? {
    guard let secret else { return nil }
    guard baseURL.protectsCredentials || configuration.allowsInsecureHTTP else {
      throw PlystraError.credentials(
        field,
        "would travel over plain http, where anybody on the way can read it; use https, or set allowsInsecureHTTP"
      )
    }
    return try Credentials.validated(secret, field: field)
  }

  /// Refuses a call that needs a credential when there is none.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`.
  func checkCredential(for endpoint: Endpoint, requestID: String) throws {
    guard endpoint.credential != .none else { return }
    let isEmpty = credentials.withLock { $0.apiKey == nil && $0.accessToken == nil }
    guard isEmpty else { return }
    throw PlystraError(
      kind: .credentials, operation: endpoint.operation,
      message: "the client has neither an API key nor an access token; set one of them",
      code: .authenticationRequired, requestID: requestID)
  }
}
