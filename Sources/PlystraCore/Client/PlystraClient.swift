/// A client of one Plystra service.
///
/// A value, cheap to copy: copies and the scoped clients made by ``withRequestID(_:)`` and
/// ``with(deadline:retryPolicy:)`` share credentials and connections with the client that they came from.
///
/// ```swift
/// let plystra = try PlystraClient(baseURL: "https://plystra.internal", apiKey: key, transport: CurlTransport())
/// let decision = try await plystra.authz.check(
///   .inContext(actor: actor, resource: invoice, grants: grants, action: "approve"))
/// try decision.requireAllowed()
/// ```
public struct PlystraClient: Sendable {
  /// The version of the SDK.
  public static let version = "0.1.0"

  let core: ClientCore
  var options: CallOptions
  var requestID: String?

  /// Makes a client that holds an API key, and an access token if one is given.
  ///
  /// - Parameters:
  ///   - baseURL: `https://host[:port][/prefix]`, with or without trailing slashes; the prefix is kept.
  ///   - apiKey: an API key.
  ///   - accessToken: a session's access token.
  ///   - configuration: how the client behaves.
  ///   - transport: what carries requests.
  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`, which names the argument and never its value.
  public init(
    baseURL: String, apiKey: Secret, accessToken: Secret? = nil,
    configuration: Configuration = Configuration(),
    transport: any HTTPTransport
  ) throws {
    try self.init(
      baseURL: baseURL, credentials: Credentials(apiKey: apiKey, accessToken: accessToken),
      configuration: configuration, transport: transport)
  }

  /// Makes a client that holds an API key, and an access token if one is given, both as plain text, such as the
  /// environment holds them.
  ///
  /// - Throws: as the initialiser that takes each as a `Secret`.
  public init(
    baseURL: String, apiKey: String, accessToken: String? = nil,
    configuration: Configuration = Configuration(),
    transport: any HTTPTransport
  ) throws {
    try self.init(
      baseURL: baseURL, apiKey: Secret(apiKey), accessToken: accessToken.map { Secret($0) },
      configuration: configuration, transport: transport)
  }

  /// Makes a client that holds a session's access token.
  ///
  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`, which names the argument and never its value.
  public init(
    baseURL: String, accessToken: Secret, configuration: Configuration = Configuration(),
    transport: any HTTPTransport
  ) throws {
    try self.init(
      baseURL: baseURL, credentials: Credentials(accessToken: accessToken), configuration: configuration,
      transport: transport)
  }

  /// Makes a client that holds a session's access token, which is plain text.
  ///
  /// - Throws: as the initialiser that takes a `Secret`.
  public init(
    baseURL: String, accessToken: String, configuration: Configuration = Configuration(),
    transport: any HTTPTransport
  ) throws {
    try self.init(
      baseURL: baseURL, accessToken: Secret(accessToken), configuration: configuration, transport: transport)
  }

  /// Makes a client that holds a session and keeps it alive: its tokens are refreshed shortly before they end or when
  /// the service refuses them, once for all copies of the client.
  ///
  /// - Parameters:
  ///   - baseURL: `https://host[:port][/prefix]`, with or without trailing slashes; the prefix is kept.
  ///   - session: the session's tokens, as a login or the last rotation gave them.
  ///   - apiKey: an API key, for the calls that prefer one.
  ///   - configuration: how the client behaves.
  ///   - transport: what carries requests.
  ///   - onRotation: is called with every new token pair before it is used, to store it. Calls wait for it, so it must
  ///     not make any that carry the session. It is not called with one that arrives after a sign-out or another
  ///     sign-in.
  /// - Throws: ``PlystraError`` of kind `configuration` or `credentials`, which names the argument and never its value.
  public init(
    baseURL: String, session: TokenPair, apiKey: String? = nil,
    configuration: Configuration = Configuration(),
    transport: any HTTPTransport, onRotation: (@Sendable (TokenPair) async -> Void)? = nil
  ) throws {
    try self.init(
      baseURL: baseURL, session: session, apiKey: apiKey.map { Secret($0) }, configuration: configuration,
      transport: transport, onRotation: onRotation)
  }

  // Disfavoured, so that a literal `nil` is not ambiguous.
  /// Makes a client that holds a session and keeps it alive, and an API key if one is given.
  ///
  /// - Throws: as the initialiser whose API key is plain text.
  @_disfavoredOverload
  public init(
    baseURL: String, session: TokenPair, apiKey: Secret?, configuration: Configuration = Configuration(),
    transport: any HTTPTransport, onRotation: (@Sendable (TokenPair) async -> Void)? = nil
  ) throws {
    try self.init(
      baseURL: baseURL, credentials: Credentials(apiKey: apiKey), session: session,
      configuration: configuration, transport: transport, onRotation: onRotation)
  }

  /// Makes a client without credentials, which may log in and read the service's state.
  ///
  /// - Throws: ``PlystraError`` of kind `configuration`, which names the argument and never its value.
  public init(
    baseURL: String, configuration: Configuration = Configuration(), transport: any HTTPTransport
  ) throws {
    try self.init(
      baseURL: baseURL, credentials: Credentials(), configuration: configuration, transport: transport)
  }

  /// Makes a client whose time and chance are the caller's.
  init(
    baseURL: String, credentials: Credentials, session: TokenPair? = nil, configuration: Configuration,
    transport: any HTTPTransport, timing: Timing = Timing(),
    onRotation: (@Sendable (TokenPair) async -> Void)? = nil
  ) throws {
    core = try ClientCore(
      baseURL: BaseURL(baseURL), credentials: credentials, session: session, configuration: configuration,
      transport: transport, timing: timing, onRotation: onRotation)
    options = CallOptions(configuration)
  }
}

// MARK: Scoped copies and credentials

extension PlystraClient {
  /// A copy whose calls carry the given id, so that logs and audit rows of both sides meet (contract §6).
  ///
  /// - Parameter requestID: 1…128 printable ASCII characters except space, quotes and backslash.
  /// - Throws: ``PlystraError`` of kind `invalidRequest` for any other text.
  public func withRequestID(_ requestID: String) throws -> PlystraClient {
    var copy = self
    copy.requestID = try RequestID.validated(requestID)
    return copy
  }

  /// A copy with another deadline, another retry policy, or both; nil keeps what there is.
  ///
  /// A deadline that is not more than 0 makes every call time out at once; a policy out of range makes every call
  /// throw an error of kind `configuration`.
  public func with(deadline: Duration? = nil, retryPolicy: RetryPolicy? = nil) -> PlystraClient {
    var copy = self
    copy.options.deadline = deadline ?? options.deadline
    if let retryPolicy { copy.options.setRetryPolicy(retryPolicy) }
    return copy
  }

  /// Replaces the access token of this client and all its copies; nil removes it.
  ///
  /// It also replaces a session that the client kept alive, as ``setSession(_:)`` does. After a removal, calls of the
  /// session fail: they do not carry the API key instead.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which never quotes the token.
  public func setAccessToken(_ token: Secret?) throws {
    core.credentials.setAccessToken(try core.credentialPolicy.validated(token, field: "accessToken"))
  }

  /// Replaces the access token of this client and all its copies.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which never quotes the token.
  public func setAccessToken(_ token: String) throws { try setAccessToken(Secret(token)) }

  /// Replaces the session of this client and all its copies, and keeps it alive; nil removes it.
  ///
  /// A refresh of the former session in progress no longer has an effect.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which never quotes a token.
  public func setSession(_ session: TokenPair?) throws {
    core.credentials.setSession(try core.credentialPolicy.validated(session))
  }

  /// Replaces the API key of this client and all its copies; nil removes it.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which never quotes the key.
  public func setAPIKey(_ key: Secret?) throws {
    core.credentials.setAPIKey(try core.credentialPolicy.validated(key, field: "apiKey"))
  }

  /// Replaces the API key of this client and all its copies.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which never quotes the key.
  public func setAPIKey(_ key: String) throws { try setAPIKey(Secret(key)) }
}

extension PlystraClient {
  /// A call that has not begun.
  func call(_ endpoint: consuming Endpoint) throws -> Call {
    try call(endpoint, core.credentials.snapshot())
  }

  /// A call that has not begun, with the client's credentials of this instant.
  func call(
    _ endpoint: consuming Endpoint, _ credentials: CredentialStore.Snapshot
  ) throws -> Call {
    let requestID = requestID ?? core.requestIDs[credentials.number]
    try options.check(operation: endpoint.operation)
    try core.checkCredentials(credentials, for: endpoint, requestID: requestID)
    return Call(
      client: core, options: options, endpoint: endpoint, requestID: requestID, credentials: credentials)
  }

  /// Makes a call whose response is a list.
  nonisolated(nonsending) func page<Element: WireValue>(
    _ endpoint: Endpoint
  ) async throws -> ResultPage<Element> {
    let response: APIResponse<[Element]> = try await call(endpoint).response()
    return ResultPage(
      items: response.data, limit: response.limit, cursor: response.cursor, hasMore: response.hasMore,
      requestID: response.requestID)
  }
}

extension PlystraClient: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The service's address; never a credential.
  public var description: String { "PlystraClient(\(core.baseURL.text))" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
