extension PlystraClient {
  /// Sessions: how they begin, go on and end.
  public var auth: AuthService { AuthService(client: self) }
}

/// Sessions: how they begin, go on and end.
///
/// These calls carry no credential and change none of the client's: hand a session's token to
/// ``PlystraClient/setAccessToken(_:)-(Secret?)``. They are not repeated once they may have reached the service.
public struct AuthService: Sendable {
  let client: PlystraClient

  /// Registers a new user.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; where registration is closed, one with status 403.
  public func register(_ registration: RegistrationRequest) async throws -> Registration {
    try require(!registration.email.isEmpty, "email", for: "register")
    try require(!registration.password.isEmpty, "password", for: "register")
    let secrets = [registration.password, registration.registrationToken].compactMap { $0 }
    return try await post("register", secrets) { registration.writeFields(to: &$0) }
  }

  /// Opens a session.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; with status 401 for a wrong e-mail address or password, and
  ///   429 with `retryAfter` after too many of them.
  public func login(email: String, password: Secret) async throws -> UserSession {
    try require(!email.isEmpty, "email", for: "login")
    try require(!password.isEmpty, "password", for: "login")
    return try await post("login", [password]) { writer in
      writer.field("email", email)
      writer.field("password", password)
    }
  }

  /// Opens a session with a password that is plain text.
  ///
  /// - Throws: as ``login(email:password:)-(_,Secret)``.
  public func login(email: String, password: String) async throws -> UserSession {
    try await login(email: email, password: Secret(password))
  }

  /// Exchanges a refresh token for a new token pair; both old tokens end at once.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; with code `SESSION_EXPIRED` for an ended token, and with
  ///   `outcomeUnknown` when the refresh may have happened and its response was lost.
  public func refresh(refreshToken: Secret) async throws -> TokenPair {
    try require(!refreshToken.isEmpty, "refreshToken", for: "refresh")
    return try await client.call(Self.refreshEndpoint(refreshToken)).response().data
  }

  static func refreshEndpoint(_ refreshToken: Secret) throws -> Endpoint {
    try endpoint("refresh", [refreshToken]) { $0.field("refresh_token", refreshToken) }
  }

  /// Exchanges a refresh token that is plain text for a new token pair.
  ///
  /// - Throws: as ``refresh(refreshToken:)-(Secret)``.
  public func refresh(refreshToken: String) async throws -> TokenPair {
    try await refresh(refreshToken: Secret(refreshToken))
  }

  /// Ends a session: both its tokens stop working.
  ///
  /// While the client ends its own session, calls whose token needs to be refreshed wait: the tokens of a refresh in
  /// between would outlive the logout. A logout of that session waits for a refresh in progress, and ends the
  /// tokens which that gives. The time spent waiting counts against its deadline.
  ///
  /// - Parameter refreshToken: a session's refresh token; that of the client's own session when nil. A token that the
  ///   client's session began with, or had before its last refresh, ends that session too.
  /// - Throws: ``PlystraError`` or `CancellationError`. Without a token, or with an empty one, the call would end
  ///   nothing and is refused. After waiting for a refresh that failed for good, with code `SESSION_EXPIRED` if the
  ///   session has ended by itself, and `SESSION_UNCERTAIN` if it may still be alive; then nothing is sent.
  public func logout(refreshToken: Secret? = nil) async throws {
    if let refreshToken { try require(!refreshToken.isEmpty, "refreshToken", for: "logout") }
    let core = client.core
    let deadline = core.timing.now().advanced(by: client.options.boundedDeadline)
    do {
      try await core.credentials.logOut(by: refreshToken, until: deadline) { token, timeLeft in
        try await logOut(by: token, within: timeLeft)
      }
    } catch var error as PlystraError {
      error.operation = "auth.logout"
      throw error
    }
  }

  /// Ends a session by a refresh token that is plain text.
  ///
  /// - Throws: as ``logout(refreshToken:)-(Secret?)``.
  public func logout(refreshToken: String) async throws {
    try await logout(refreshToken: Secret(refreshToken))
  }

  /// - Parameter timeLeft: the time for the call; that of the client when nil.
  private func logOut(by token: Secret?, within timeLeft: Duration?) async throws {
    guard let token else {
      throw PlystraError.invalidRequest(
        "refreshToken", "give it: the client has no session of its own to end", operation: "auth.logout")
    }
    let response: APIResponse<JSONObject> = try await client.with(deadline: timeLeft).call(
      Self.endpoint("logout", [token]) { $0.field("refresh_token", token) }
    ).response()
    guard response.data["logged_out"] == true else {
      let mask = client.core.mask([token])
      throw response.decodingError(
        operation: "auth.logout", message: "the service did not end the session", mask: mask)
    }
  }

  private func post<Value: WireValue>(
    _ name: String, _ secrets: [Secret], _ body: (inout JSONWriter) -> Void
  ) async throws -> Value {
    try await client.call(Self.endpoint(name, secrets, body)).response().data
  }

  private static func endpoint(
    _ name: String, _ secrets: [Secret], _ body: (inout JSONWriter) -> Void
  ) throws -> Endpoint {
    let operation = "auth.\(name)"
    return .post(
      operation, "/api/v1/auth/\(name)", body: try RequestBody.object(operation: operation, body),
      credential: .none, secrets: secrets)
  }

  private func require(_ isPresent: Bool, _ field: String, for name: String) throws {
    guard isPresent else {
      throw PlystraError.invalidRequest(field, "it is empty", operation: "auth.\(name)")
    }
  }
}
