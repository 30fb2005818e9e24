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

  private enum Token {
    case none
    /// One that nobody can refresh.
    case plain(Secret)
    case session(SessionState)
    /// The tokens of a session that can be used no more are gone; this is why.
    case lost(PlystraError)
  }

  private struct State {
    var apiKey: Secret?
    var token: Token
    /// Counts every replacement of the token, so that a late result can tell that it is late.
    var generation = 0
    /// The refresh that is under way.
    var flight: Flight<Void>?
    /// The logout that is under way. No refresh starts meanwhile: it would hand out tokens that the logout misses.
    var farewell: Flight<Void>?

    mutating func replace(_ token: Token) {
      self.token = token
      generation += 1
      flight = nil
      farewell = nil
    }
  }

  private enum Step {
    case go(Stamp)
    case wait(Flight<Void>)
  }

  private let state: Locked<State>
  private let timing: Timing
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
    state.withLock { state in
      if case .none = state.token { return (state.apiKey != nil, false) }
      return (state.apiKey != nil, true)
    }
  }

  func setAPIKey(_ key: Secret?) { state.withLock { $0.apiKey = key } }

  func setAccessToken(_ token: Secret?) { state.withLock { $0.replace(token.map(Token.plain) ?? .none) } }

  func setSession(_ pair: TokenPair?) {
    state.withLock { $0.replace(pair.map { .session(SessionState(pair: $0)) } ?? .none) }
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
      case .wait(let flight): try await wait(for: flight, until: deadline)
      }
    }
  }

  private func next(
    _ state: inout State, _ choice: Credentials.Choice, _ exchange: @escaping Exchange
  ) throws -> Step {
    var credentials = Credentials(apiKey: state.apiKey)
    if choice == .server, state.apiKey != nil { return .go(Stamp(credentials: credentials)) }
    switch state.token {
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
      if let flight = state.flight ?? state.farewell { return .wait(flight) }
      guard let refusal = session.refusal(timing: timing) else {
        return .wait(takeOff(&state, session.pair.refreshToken, exchange))
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
    while true {
      let step: (flight: Flight<Void>, isFarewell: Bool)? = try state.withLock { state in
        guard state.generation == generation, case .session(let session) = state.token else { return nil }
        if let flight = state.flight { return (flight, false) }
        if let farewell = state.farewell { return (farewell, true) }
        if let refusal = session.refusal(timing: timing) { throw refusal }
        return (takeOff(&state, session.pair.refreshToken, exchange), false)
      }
      guard let step else { break }
      try await wait(for: step.flight, until: deadline)
      if !step.isFarewell { break }
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

  private func wait(for flight: Flight<Void>, until deadline: ContinuousClock.Instant) async throws {
    let timeLeft = timing.now().duration(to: deadline)
    let timer = timing.timer
    if timeLeft > .zero, try await flight.value(until: { try await timer(timeLeft) }) != nil { return }
    throw PlystraError(
      kind: .timeout, message: "the deadline passed while the session was being refreshed", isRetryable: true)
  }

  // MARK: The refresh

  private func takeOff(
    _ state: inout State, _ refreshToken: Secret, _ exchange: @escaping Exchange
  ) -> Flight<Void> {
    let generation = state.generation
    let flight = Flight { [self] in
      await land(await exchange(refreshToken), generation: generation)
    }
    state.flight = flight
    return flight
  }

  /// Takes over what a refresh gave, unless the token was replaced meanwhile.
  private func land(_ outcome: RefreshOutcome, generation: Int) async {
    guard state.withLock({ $0.generation == generation }) else { return }
    // Stored before it is used: a process that dies in between would otherwise be left with dead tokens.
    if case .rotated(let pair) = outcome { await onRotation?(pair) }
    state.withLock { state in
      guard state.generation == generation, case .session(var session) = state.token else { return }
      switch outcome {
      case .rotated(let pair): state.replace(.session(SessionState(received: pair, timing: timing)))
      case .ended(let error), .uncertain(let error): state.replace(.lost(error))
      case .postponed(let error, let wait):
        session.postpone(after: error, by: wait, timing: timing)
        state.token = .session(session)
        state.flight = nil
      }
    }
  }

  // MARK: The end of the session

  /// Runs a logout with the session's refresh token: behind a refresh that is under way, and with none beside it.
  ///
  /// - Parameter token: the caller's own token; nil for the session's. One that is not the session's waits for
  ///   nothing and holds nothing up.
  /// - Throws: ``PlystraError`` when the deadline passes before it can begin, `CancellationError`, or what the logout
  ///   throws.
  func logOut<Result>(
    by token: Secret?, until deadline: ContinuousClock.Instant, _ logout: (Secret?) async throws -> Result
  ) async throws -> Result {
    let (end, whenOver) = AsyncStream.makeStream(of: Never.self)
    defer { whenOver.finish() }
    let farewell = Flight<Void> { for await _ in end {} }
    while true {
      let (sessionToken, flight): (Secret?, Flight<Void>?) = state.withLock { state in
        guard case .session(let session) = state.token else { return (nil, nil) }
        let own = session.pair.refreshToken
        guard token == nil || token == own else { return (nil, nil) }
        if let flight = state.flight ?? state.farewell { return (own, flight) }
        state.farewell = farewell
        return (own, nil)
      }
      if let flight {
        try await wait(for: flight, until: deadline)
        continue
      }
      defer { state.withLock { if $0.farewell === farewell { $0.farewell = nil } } }
      return try await logout(sessionToken ?? token)
    }
  }
}

extension PlystraError {
  /// A call needs a credential, and there is none.
  static let noCredential = PlystraError(
    kind: .credentials, message: "the client has neither an API key nor an access token; set one of them",
    code: .authenticationRequired)
}
