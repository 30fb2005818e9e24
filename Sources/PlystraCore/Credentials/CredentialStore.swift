/// What a client proves itself with, shared by all its copies: an API key, and an access token or a session that
/// looks after itself.
final class CredentialStore: Sendable {
  /// What an attempt carries.
  struct Stamp: Sendable {
    let credentials: Credentials
    /// The session's generation, if the attempt carries its access token.
    var generation: Int?
  }

  /// Exchanges a refresh token for a new pair.
  typealias Exchange = @Sendable (Secret) async -> RefreshOutcome

  let state: Locked<State>
  let timing: Timing
  private let onRotation: (@Sendable (TokenPair) async -> Void)?

  init(
    _ credentials: Credentials, session: TokenPair?, timing: Timing,
    onRotation: (@Sendable (TokenPair) async -> Void)?
  ) {
    self.timing = timing
    self.onRotation = onRotation
    let token = session.map { Token.session(SessionState(pair: $0)) }
    state = Locked(
      State(apiKey: credentials.apiKey, token: token ?? credentials.accessToken.map(Token.plain) ?? .none))
  }

  // MARK: What there is

  /// All that must not appear in an error.
  var secrets: [Secret] {
    state.withLock { state in
      let key = state.apiKey.map { [$0] } ?? []
      switch state.token {
      case .none, .lost: return key
      case .plain(let token): return key + [token]
      case .session(let session): return key + [session.pair.accessToken, session.pair.refreshToken]
      }
    }
  }

  var hasAPIKey: Bool { state.withLock { $0.apiKey != nil } }

  /// Which credentials there are; a session that was lost counts, as it is what calls fail for.
  var kinds: (apiKey: Bool, token: Bool) {
    state.withLock { ($0.apiKey != nil, !$0.token.isNone) }
  }

  func setAPIKey(_ key: Secret?) { state.withLock { $0.apiKey = key } }

  func setAccessToken(_ token: Secret?) { state.withLock { $0.set(token.map(Token.plain) ?? .none) } }

  func setSession(_ pair: TokenPair?) {
    state.withLock { $0.set(pair.map { .session(SessionState(pair: $0)) } ?? .none) }
  }

  // MARK: What attempts carry

  /// What the next attempt carries, where that is no session's to say.
  func stampAtHand(for choice: Credentials.Choice) -> Stamp? {
    if choice == .none { return Stamp(credentials: Credentials()) }
    guard choice == .server, let key = state.withLock({ $0.apiKey }) else { return nil }
    return Stamp(credentials: Credentials(apiKey: key))
  }

  /// What the next attempt carries, refreshed first if the session's access token is about to end.
  ///
  /// - Throws: ``PlystraError`` if there is no credential, the session has ended, its state is not known, or the
  ///   deadline passes; `CancellationError`.
  nonisolated(nonsending) func stamp(
    for choice: Credentials.Choice, until deadline: ContinuousClock.Instant, exchange: @escaping Exchange
  ) async throws -> Stamp {
    guard choice != .none else { return Stamp(credentials: Credentials()) }
    while true {
      switch try state.withLock({ state in try next(&state, choice, exchange) }) {
      case .go(let stamp): return stamp
      case .waitForRefresh(let flight): _ = try await wait(for: flight, until: deadline)
      case .waitForLogout(let flight): try await wait(for: flight, until: deadline)
      }
    }
  }

  private func next(
    _ state: inout State, _ choice: Credentials.Choice, _ exchange: @escaping Exchange
  ) throws -> Step<Stamp> {
    var credentials = Credentials(apiKey: state.apiKey)
    if choice == .server, state.apiKey != nil { return .go(Stamp(credentials: credentials)) }
    switch state.token {
    case .none where choice == .session && state.hadToken: throw PlystraError.noSession
    case .none where state.apiKey == nil: throw PlystraError.noCredential
    case .none: return .go(Stamp(credentials: credentials))
    case .plain(let token):
      credentials.accessToken = token
      return .go(Stamp(credentials: credentials))
    case .lost(let error): throw error
    case .session(let session):
      credentials.accessToken = session.pair.accessToken
      let stamp = Stamp(credentials: credentials, generation: state.generation)
      if session.isCurrent(timing: timing) { return .go(stamp) }
      if let wait: Step<Stamp> = state.wait() { return wait }
      guard let refusal = session.refusal(timing: timing) else {
        return .waitForRefresh(startRefresh(&state, session.pair.refreshToken, exchange))
      }
      // The refresh has to wait: the access token serves as long as it lives.
      if session.isAlive(timing: timing) { return .go(stamp) }
      throw refusal
    }
  }

  /// Replaces the session's tokens, unless that has been done, because the service refused the access token of a
  /// generation.
  ///
  /// - Returns: whether there is another token to try.
  /// - Throws: ``PlystraError`` if the refresh failed or the deadline passes; `CancellationError`.
  func refresh(
    after generation: Int, until deadline: ContinuousClock.Instant, exchange: @escaping Exchange
  ) async throws -> Bool {
    waiting: while true {
      let step: Step<Void> = try state.withLock { state in
        guard state.generation == generation, case .session(let session) = state.token else { return .go(()) }
        if let wait: Step<Void> = state.wait() { return wait }
        if let refusal = session.refusal(timing: timing) { throw refusal }
        return .waitForRefresh(startRefresh(&state, session.pair.refreshToken, exchange))
      }
      switch step {
      case .go: break waiting
      case .waitForRefresh(let flight):
        _ = try await wait(for: flight, until: deadline)
        break waiting
      case .waitForLogout(let flight): try await wait(for: flight, until: deadline)
      }
    }
    return try state.withLock { state in
      switch state.token {
      case .none: return false
      case .plain: return true
      case .lost(let error): throw error
      case .session(let session):
        if state.generation == generation, let refusal = session.refusal(timing: timing) { throw refusal }
        return state.generation != generation
      }
    }
  }

  /// - Throws: ``PlystraError`` of kind `timeout` when the deadline passes; `CancellationError`.
  func wait<Value>(
    for flight: Flight<Value>, until deadline: ContinuousClock.Instant
  ) async throws -> Value {
    let timeLeft = timing.now().duration(to: deadline)
    let timer = timing.timer
    if timeLeft > .zero, let value = try await flight.value(until: { try await timer(timeLeft) }) {
      return value
    }
    throw PlystraError(
      kind: .timeout, message: "the deadline passed while the session was being refreshed or ended",
      isRetryable: true)
  }

  // MARK: The refresh

  private func startRefresh(
    _ state: inout State, _ refreshToken: Secret, _ exchange: @escaping Exchange
  ) -> Flight<RefreshOutcome> {
    let generation = state.generation
    let flight = Flight { [self] in
      let outcome = await exchange(refreshToken)
      await finishRefresh(outcome, generation: generation)
      return outcome
    }
    state.refresh = flight
    return flight
  }

  /// Stores what a refresh gave, unless the token was replaced meanwhile.
  private func finishRefresh(_ outcome: RefreshOutcome, generation: Int) async {
    guard state.withLock({ $0.generation == generation }) else { return }
    // Stored before it is used: a process that dies in between would otherwise be left with dead tokens.
    if case .rotated(let pair) = outcome { await onRotation?(pair) }
    state.withLock { state in
      guard state.generation == generation, case .session(var session) = state.token else { return }
      switch outcome {
      case .rotated(let pair):
        state.replace(.session(SessionState(received: pair, after: session, timing: timing)))
      case .ended(let error), .uncertain(let error): state.replace(.lost(error))
      case .postponed(let error, let wait):
        session.postpone(after: error, by: wait, timing: timing)
        state.token = .session(session)
        state.refresh = nil
      }
    }
  }
}

extension PlystraError {
  /// A call needs a credential, and there is none.
  static let noCredential = PlystraError(
    kind: .credentials, message: "the client has neither an API key nor an access token; set one of them",
    code: .authenticationRequired)

  /// A session's call needs a token, and the one that there was is gone.
  static let noSession = PlystraError(
    kind: .credentials,
    message: "accessToken, session: neither is set any more, and the API key does not replace them; set one",
    code: .authenticationRequired)
}
