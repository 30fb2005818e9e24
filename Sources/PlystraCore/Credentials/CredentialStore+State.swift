extension CredentialStore {
  /// The credentials of a client at one instant.
  struct Snapshot: Sendable {
    let apiKey: Secret?
    /// Whether there is a token; a session that was lost counts, as it is what calls fail for.
    let hasToken: Bool
    /// Counts the client's snapshots, so that a call's request id needs no lock of its own.
    let number: UInt64

    /// What an attempt carries, unless that is a token.
    func credentials(for choice: Credentials.Choice) -> Credentials? {
      if choice == .none { return Credentials() }
      guard choice == .server, let apiKey else { return nil }
      return Credentials(apiKey: apiKey)
    }
  }

  /// What a client has besides an API key.
  enum Token {
    case none
    /// One that nobody can refresh.
    case plain(Secret)
    case session(SessionState)
    /// The tokens of a session that can be used no more are gone; this is why.
    case lost(PlystraError)

    var isNone: Bool { if case .none = self { true } else { false } }
  }

  /// What all copies of a client share.
  struct State {
    var apiKey: Secret?
    var token: Token
    /// Whether there was a token at any time: then the API key does not take its place in a session's calls.
    var hadToken: Bool
    /// Counts every replacement of the token, by which a late result is recognised.
    var generation = 0
    /// Counts what the application set, so that a session can be distinguished from another one.
    var signIn = 0
    var refreshInProgress: SharedTask<RefreshOutcome>?
    /// While there is one, no refresh starts: it would return tokens that the logout misses.
    var logoutInProgress: SharedTask<Void>?
    /// Counts the snapshots.
    var snapshots: UInt64 = 0

    init(apiKey: Secret?, token: Token) {
      self.apiKey = apiKey
      self.token = token
      hadToken = !token.isNone
    }

    mutating func replace(_ token: Token) {
      self.token = token
      hadToken = hadToken || !token.isNone
      generation += 1
      refreshInProgress = nil
      logoutInProgress = nil
    }

    /// What to wait for before the session's tokens may be used or replaced, or nil.
    func wait<Value>() -> Step<Value>? {
      refreshInProgress.map(Step.waitForRefresh) ?? logoutInProgress.map(Step.waitForLogout)
    }

    /// Replaces the token by what the application set.
    mutating func set(_ token: Token) {
      replace(token)
      signIn += 1
    }
  }

  /// What comes next: to proceed with a value, or to wait and look again.
  enum Step<Value> {
    case proceed(Value)
    case waitForRefresh(SharedTask<RefreshOutcome>)
    case waitForLogout(SharedTask<Void>)
  }
}
