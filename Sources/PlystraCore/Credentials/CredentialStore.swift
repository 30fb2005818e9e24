#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a client proves itself with, shared by all its copies: an API key, and an access token or a session that
/// looks after itself.
final class CredentialStore: Sendable {
  /// What an attempt carries.
  struct Stamp: Sendable {
    let credentials: Credentials
    /// The session's generation, if the attempt carries its access token.
    let generation: Int?
  }

  /// Exchanges a refresh token for a new pair.
  typealias Exchange = @Sendable (Secret) async -> RefreshOutcome

  private struct State {
    var apiKey: Secret?
    var accessToken: Secret?
    var session: SessionState?
    /// Counts every replacement of the token or session, so that a late result can tell that it is late.
    var generation = 0
    var flight: Flight<Void>?
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
    state = Locked(
      State(
        apiKey: credentials.apiKey, accessToken: credentials.accessToken,
        session: session.map { SessionState(pair: $0, since: nil) }))
  }

  /// All that must not appear in an error.
  var secrets: [Secret] {
    state.withLock { state in
      let pair = state.session?.pair
      return [state.apiKey, state.accessToken, pair?.accessToken, pair?.refreshToken].compactMap { $0 }
    }
  }

  /// Which credentials there are.
  var kinds: (apiKey: Bool, token: Bool) {
    state.withLock { ($0.apiKey != nil, $0.accessToken != nil || $0.session != nil) }
  }

  /// The session's refresh token, if there is a session that can use it.
  var refreshToken: Secret? {
    state.withLock { state in state.session?.failure == nil ? state.session?.pair.refreshToken : nil }
  }

  func setAPIKey(_ key: Secret?) { state.withLock { $0.apiKey = key } }

  func setAccessToken(_ token: Secret?) {
    state.withLock { state in
      state.accessToken = token
      state.session = nil
      state.generation += 1
      state.flight = nil
    }
  }

  func setSession(_ pair: TokenPair?) {
    state.withLock { state in
      state.accessToken = nil
      state.session = pair.map { SessionState(pair: $0, since: nil) }
      state.generation += 1
      state.flight = nil
    }
  }

  /// What the next attempt carries, refreshed first if the session's access token is about to end.
  ///
  /// - Throws: ``PlystraError`` if the session has ended, its state is not known, or the deadline passes;
  ///   `CancellationError`.
  func stamp(
    for choice: Credentials.Choice, until deadline: ContinuousClock.Instant, exchange: @escaping Exchange
  ) async throws -> Stamp {
    while true {
      let (stamp, flight) = try state.withLock { state in try next(&state, choice, exchange) }
      if let stamp { return stamp }
      try await wait(for: flight, until: deadline)
    }
  }

  private func wait(for flight: Flight<Void>?, until deadline: ContinuousClock.Instant) async throws {
    guard let flight else { return }
    let timeLeft = timing.now().duration(to: deadline)
    if timeLeft > .zero, try await flight.value(within: timeLeft) != nil { return }
    throw PlystraError(
      kind: .timeout, message: "the deadline passed while the session was being refreshed", isRetryable: true)
  }

  /// A stamp, or a refresh to wait for first.
  private func next(
    _ state: inout State, _ choice: Credentials.Choice, _ exchange: @escaping Exchange
  ) throws -> (Stamp?, Flight<Void>?) {
    let credentials = Credentials(
      apiKey: state.apiKey, accessToken: state.session?.pair.accessToken ?? state.accessToken)
    guard let session = state.session, credentials.usesToken(for: choice) else {
      return (Stamp(credentials: credentials, generation: nil), nil)
    }
    if let failure = session.failure { throw failure }
    if session.isCurrent(wallClock: timing.wallClock(), now: timing.now()) {
      return (Stamp(credentials: credentials, generation: state.generation), nil)
    }
    if let flight = state.flight { return (nil, flight) }
    if let refusal = session.refusal(now: timing.now()) {
      // The refresh has to wait: the access token serves as long as it lives.
      if session.isAlive(wallClock: timing.wallClock()) {
        return (Stamp(credentials: credentials, generation: state.generation), nil)
      }
      throw refusal
    }
    return (nil, takeOff(&state, exchange))
  }

  /// Replaces the session's tokens because the service refused the access token of a generation.
  ///
  /// Returns at once if they have been replaced meanwhile.
  ///
  /// - Throws: ``PlystraError`` if the refresh failed or the deadline passes; `CancellationError`.
  func refresh(
    after generation: Int, until deadline: ContinuousClock.Instant, exchange: @escaping Exchange
  ) async throws {
    let flight: Flight<Void>? = try state.withLock { state in
      guard state.generation == generation, let session = state.session else { return nil }
      if let failure = session.failure { throw failure }
      if let flight = state.flight { return flight }
      if let refusal = session.refusal(now: timing.now()) { throw refusal }
      return takeOff(&state, exchange)
    }
    try await wait(for: flight, until: deadline)
    try state.withLock { state in
      guard state.generation == generation, let session = state.session else { return }
      if let failure = session.failure ?? session.refusal(now: timing.now()) { throw failure }
    }
  }

  // MARK: The refresh

  private func takeOff(_ state: inout State, _ exchange: @escaping Exchange) -> Flight<Void>? {
    guard let pair = state.session?.pair else { return nil }
    let generation = state.generation
    let flight = Flight { [self] in
      await land(await exchange(pair.refreshToken), generation: generation)
    }
    state.flight = flight
    return flight
  }

  /// Takes over what a refresh gave, unless the credentials were replaced meanwhile.
  private func land(_ outcome: RefreshOutcome, generation: Int) async {
    guard state.withLock({ $0.generation == generation }) else { return }
    // Stored before it is used: a process that dies in between would otherwise be left with dead tokens.
    if case .rotated(let pair) = outcome { await onRotation?(pair) }
    state.withLock { state in
      guard state.generation == generation else { return }
      state.flight = nil
      switch outcome {
      case .rotated(let pair):
        state.session = SessionState(pair: pair, since: timing.now())
        state.generation += 1
      case .ended(let error), .uncertain(let error):
        state.session?.failure = error
      case .postponed(let error, let wait):
        state.session?.postponed = (error, timing.now().advanced(by: wait))
      }
    }
  }
}
