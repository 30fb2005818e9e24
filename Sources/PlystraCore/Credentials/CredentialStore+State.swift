extension CredentialStore {
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
    /// Counts every replacement of the token, so that a late result can tell that it is late.
    var generation = 0
    /// Counts what the application set, so that a session can be told from another one.
    var signIn = 0
    /// The refresh that is under way.
    var refresh: Flight<RefreshOutcome>?
    /// The logout that is under way. No refresh starts meanwhile: it would return tokens that the logout misses.
    var logout: Flight<Void>?

    init(apiKey: Secret?, token: Token) {
      self.apiKey = apiKey
      self.token = token
      hadToken = !token.isNone
    }

    mutating func replace(_ token: Token) {
      self.token = token
      hadToken = hadToken || !token.isNone
      generation += 1
      refresh = nil
      logout = nil
    }

    /// What to wait for before the session's tokens may be used or replaced, or nil.
    func wait<Value>() -> Step<Value>? {
      refresh.map(Step.waitForRefresh) ?? logout.map(Step.waitForLogout)
    }

    /// Replaces the token by what the application set.
    mutating func set(_ token: Token) {
      replace(token)
      signIn += 1
    }
  }

  /// What comes next: to go on with something, or to wait and look again.
  enum Step<Value> {
    case go(Value)
    case waitForRefresh(Flight<RefreshOutcome>)
    case waitForLogout(Flight<Void>)
  }
}
