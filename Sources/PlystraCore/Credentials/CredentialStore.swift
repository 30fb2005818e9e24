/// The credentials of a client, shared by all its copies: an API key, and an access token or a session, whose tokens it
/// refreshes.
final class CredentialStore: Sendable {
  /// Exchanges a refresh token for a new token pair.
  typealias Refresh = @Sendable (Secret) async -> RefreshOutcome

  let state: Locked<State>
  let timing: Timing
  private let onRotation: (@Sendable (TokenPair) async -> Void)?

  init(
    _ credentials: Credentials, session: TokenPair?, timing: Timing,
    onRotation: (@Sendable (TokenPair) async -> Void)?
  ) {
    self.timing = timing
    self.onRotation = onRotation
    let token = session.map { Token.session(SessionState(tokens: $0)) }
    state = Locked(
      State(apiKey: credentials.apiKey, token: token ?? credentials.accessToken.map(Token.plain) ?? .none))
  }

  // MARK: Stored credentials

  /// All that must not appear in an error.
  var secrets: [Secret] {
    state.withLock { state in
      let key = state.apiKey.map { [$0] } ?? []
      switch state.token {
      case .none, .lost: return key
      case .plain(let token): return key + [token]
      case .session(let session): return key + [session.tokens.accessToken, session.tokens.refreshToken]
      }
    }
  }

  /// The credentials of this instant.
  func snapshot() -> Snapshot {
    state.withLock { state in
      state.snapshots &+= 1
      return Snapshot(apiKey: state.apiKey, hasToken: !state.token.isNone, number: state.snapshots)
    }
  }

  func setAPIKey(_ key: Secret?) { state.withLock { $0.apiKey = key } }

  func setAccessToken(_ token: Secret?) { state.withLock { $0.set(token.map(Token.plain) ?? .none) } }

  func setSession(_ tokens: TokenPair?) {
    state.withLock { $0.set(tokens.map { .session(SessionState(tokens: $0)) } ?? .none) }
  }

  // MARK: Credentials of an attempt

  /// What an attempt carries, refreshed first if the session's access token is about to expire.
  ///
  /// - Throws: ``PlystraError`` if there is no credential, the session has ended, its state is not known, or the
  ///   deadline passes; `CancellationError`.
  nonisolated(nonsending) func credentials(
    for choice: Credentials.Choice, until deadline: ContinuousClock.Instant, refresh: @escaping Refresh
  ) async throws -> Credentials {
    guard choice != .none else { return Credentials() }
    while true {
      switch try state.withLock({ state in try next(&state, choice, refresh) }) {
      case .proceed(let credentials): return credentials
      case .waitForRefresh(let task): _ = try await wait(for: task, until: deadline)
      case .waitForLogout(let task): try await wait(for: task, until: deadline)
      }
    }
  }

  private func next(
    _ state: inout State, _ choice: Credentials.Choice, _ refresh: @escaping Refresh
  ) throws -> Step<Credentials> {
    var credentials = Credentials(apiKey: state.apiKey)
    if choice == .server, state.apiKey != nil { return .proceed(credentials) }
    switch state.token {
    case .none where choice == .session && state.hadToken: throw PlystraError.noSession
    case .none where state.apiKey == nil: throw PlystraError.noCredential
    case .none: return .proceed(credentials)
    case .plain(let token):
      credentials.accessToken = token
      return .proceed(credentials)
    case .lost(let error): throw error
    case .session(let session):
      credentials.accessToken = session.tokens.accessToken
      credentials.generation = state.generation
      if session.isCurrent(timing: timing) { return .proceed(credentials) }
      if let wait: Step<Credentials> = state.wait() { return wait }
      guard let error = session.postponementError(timing: timing) else {
        return .waitForRefresh(startRefresh(&state, session.tokens.refreshToken, refresh))
      }
      // The refresh has to wait: the access token is used until it expires.
      if session.isAlive(timing: timing) { return .proceed(credentials) }
      throw error
    }
  }

  /// Replaces the session's tokens, unless that has been done, because the service refused the access token of a
  /// generation.
  ///
  /// - Returns: whether there is another token to try.
  /// - Throws: ``PlystraError`` if the refresh failed or the deadline passes; `CancellationError`.
  func refresh(
    after generation: Int, until deadline: ContinuousClock.Instant, using refresh: @escaping Refresh
  ) async throws -> Bool {
    waiting: while true {
      let step: Step<Void> = try state.withLock { state in
        guard state.generation == generation, case .session(let session) = state.token else {
          return .proceed(())
        }
        if let wait: Step<Void> = state.wait() { return wait }
        if let error = session.postponementError(timing: timing) { throw error }
        return .waitForRefresh(startRefresh(&state, session.tokens.refreshToken, refresh))
      }
      switch step {
      case .proceed: break waiting
      case .waitForRefresh(let task):
        _ = try await wait(for: task, until: deadline)
        break waiting
      case .waitForLogout(let task): try await wait(for: task, until: deadline)
      }
    }
    return try state.withLock { state in
      switch state.token {
      case .none: return false
      case .plain: return true
      case .lost(let error): throw error
      case .session(let session):
        guard state.generation == generation else { return true }
        if let error = session.postponementError(timing: timing) { throw error }
        return false
      }
    }
  }

  /// - Throws: ``PlystraError`` of kind `timeout` when the deadline passes; `CancellationError`.
  func wait<Value>(
    for task: SharedTask<Value>, until deadline: ContinuousClock.Instant
  ) async throws -> Value {
    let timeLeft = timing.now().duration(to: deadline)
    let timer = timing.timer
    if timeLeft > .zero, let value = try await task.value(until: { try await timer(timeLeft) }) {
      return value
    }
    throw PlystraError(
      kind: .timeout, message: "the deadline passed while the session was being refreshed or ended",
      isRetryable: true)
  }

  // MARK: The refresh

  private func startRefresh(
    _ state: inout State, _ refreshToken: Secret, _ refresh: @escaping Refresh
  ) -> SharedTask<RefreshOutcome> {
    let generation = state.generation
    let task = SharedTask { [self] in
      let outcome = await refresh(refreshToken)
      await finishRefresh(outcome, generation: generation)
      return outcome
    }
    state.refreshInProgress = task
    return task
  }

  /// Stores the outcome of a refresh, unless the token was replaced meanwhile.
  private func finishRefresh(_ outcome: RefreshOutcome, generation: Int) async {
    guard state.withLock({ $0.generation == generation }) else { return }
    // Stored before it is used: a process that dies in between would otherwise be left with dead tokens.
    if case .rotated(let tokens) = outcome { await onRotation?(tokens) }
    state.withLock { state in
      guard state.generation == generation, case .session(var session) = state.token else { return }
      switch outcome {
      case .rotated(let tokens):
        state.replace(.session(SessionState(received: tokens, after: session, timing: timing)))
      case .ended(let error), .uncertain(let error): state.replace(.lost(error))
      case .postponed(let error, let wait):
        session.postpone(after: error, by: wait, timing: timing)
        state.token = .session(session)
        state.refreshInProgress = nil
      }
    }
  }
}

extension PlystraError {
  /// A call needs a credential, and there is none.
  static let noCredential = PlystraError(
    kind: .credentials, message: "the client has neither an API key nor an access token; set one of them",
    code: .authenticationRequired)

  /// A call needs an API key, and there is only a token.
  static let apiKeyRequired = PlystraError(
    kind: .credentials,
    message:
      "grants and actor metadata (Context Mode) require an API key; the client has an access token only",
    code: .inlineContextRequiresAPIKey)

  /// A session's call needs a token, and the one that there was is gone.
  static let noSession = PlystraError(
    kind: .credentials,
    message: "accessToken, session: neither is set any more, and the API key does not replace them; set one",
    code: .authenticationRequired)
}
