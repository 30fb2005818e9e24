extension CredentialStore {
  /// Runs a logout of the session, after a refresh in progress, and lets none start before it is over.
  ///
  /// Which session it is, is decided at once: that session is ended by its latest refresh token, also where the
  /// application has set another session meanwhile. A token that never was the session's neither waits nor delays.
  ///
  /// - Parameters:
  ///   - token: the caller's own token; nil for the session's.
  ///   - deadline: when all of it must be over.
  ///   - logout: ends the session of a refresh token, which is nil if there is neither a token nor a session; in the
  ///     time that is left, which is nil if nothing had to be waited for.
  /// - Throws: ``PlystraError`` when the session turns out to have ended, its state is not known, or the deadline passes
  ///   before the logout can begin; `CancellationError`; what `logout` throws.
  func logOut<Result>(
    by token: Secret?, until deadline: ContinuousClock.Instant,
    _ logout: (_ token: Secret?, _ timeLeft: Duration?) async throws -> Result
  ) async throws -> Result {
    let target: (token: Secret, signIn: Int)? = state.withLock { state in
      guard case .session(let session) = state.token, token.map(session.hadRefreshToken) ?? true else {
        return nil
      }
      return (session.tokens.refreshToken, state.signIn)
    }
    guard var target else { return try await logout(token, nil) }
    var hasWaited = false
    let (end, whenOver) = AsyncStream.makeStream(of: Never.self)
    defer { whenOver.finish() }
    let ended = SharedTask<Void> { for await _ in end {} }
    while true {
      let step: Step<Secret> = try state.withLock { state in
        guard state.signIn == target.signIn else { return .proceed(target.token) }
        if let wait: Step<Secret> = state.wait() { return wait }
        switch state.token {
        case .lost(let error): throw error
        case .session(let session):
          state.logoutInProgress = ended
          return .proceed(session.tokens.refreshToken)
        case .none, .plain: return .proceed(target.token)
        }
      }
      switch step {
      case .proceed(let token):
        defer { state.withLock { if $0.logoutInProgress === ended { $0.logoutInProgress = nil } } }
        return try await logout(token, hasWaited ? timing.now().duration(to: deadline) : nil)
      case .waitForLogout(let task): try await wait(for: task, until: deadline)
      case .waitForRefresh(let task):
        switch try await wait(for: task, until: deadline) {
        case .rotated(let tokens): target.token = tokens.refreshToken
        case .ended(let error), .uncertain(let error): throw error
        case .postponed: break
        }
      }
      hasWaited = true
    }
  }
}
