import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session as a login made it.
struct Session: Sendable {
  let id: String
  let userID: String
  /// The binding through which the user acts, unless it has ended meanwhile.
  var activeBindingID: String
  fileprivate(set) var tokens: SessionTokens
}

/// The tokens of a session, and the first moment at which each is dead.
struct SessionTokens: Sendable {
  /// An access token lives 15 minutes.
  static let accessLifetime: TimeInterval = 15 * 60
  /// A refresh token lives 30 days.
  static let refreshLifetime: TimeInterval = 30 * 24 * 60 * 60

  let access: Secret
  let refresh: Secret
  let accessExpiry: Date
  let refreshExpiry: Date

  /// Makes two tokens that live from `now` on.
  init(now: Date, randomHex: (Int) -> String) {
    access = Secret("ply_at_" + randomHex(64))
    refresh = Secret("ply_rt_" + randomHex(64))
    accessExpiry = now.addingTimeInterval(Self.accessLifetime)
    refreshExpiry = now.addingTimeInterval(Self.refreshLifetime)
  }
}

/// The sessions that have not ended, found by either of their tokens.
struct SessionStore: Sendable {
  private var sessions: [String: Session] = [:]
  private var idsByAccessToken: [Secret: String] = [:]
  private var idsByRefreshToken: [Secret: String] = [:]

  mutating func begin(
    userID: String, bindingID: String, now: Date, randomHex: (Int) -> String
  ) -> Session {
    let session = Session(
      id: "sess_" + randomHex(16), userID: userID, activeBindingID: bindingID,
      tokens: SessionTokens(now: now, randomHex: randomHex))
    insert(session)
    return session
  }

  /// The session of an access token that is alive.
  func session(accessToken: Secret, now: Date) -> Session? {
    guard let session = idsByAccessToken[accessToken].flatMap({ sessions[$0] }),
      session.tokens.accessExpiry > now
    else { return nil }
    return session
  }

  /// Replaces both tokens of the session of a living refresh token; the old ones are dead at once.
  mutating func rotate(refreshToken: Secret, now: Date, randomHex: (Int) -> String) -> SessionTokens? {
    guard var session = idsByRefreshToken[refreshToken].flatMap({ sessions[$0] }),
      session.tokens.refreshExpiry > now
    else { return nil }
    remove(session)
    session.tokens = SessionTokens(now: now, randomHex: randomHex)
    insert(session)
    return session.tokens
  }

  /// Ends the session of a refresh token, if there is one.
  mutating func end(refreshToken: Secret) {
    if let session = idsByRefreshToken[refreshToken].flatMap({ sessions[$0] }) { remove(session) }
  }

  /// Ends every session of a user; false if there is none.
  mutating func endAll(userID: String) -> Bool {
    let ended = sessions.values.filter { $0.userID.isExactly(userID) }
    for session in ended { remove(session) }
    return !ended.isEmpty
  }

  /// Remembers through which binding a session acts from now on.
  mutating func activate(bindingID: String, in session: Session) {
    sessions[session.id]?.activeBindingID = bindingID
  }

  private mutating func insert(_ session: Session) {
    sessions[session.id] = session
    idsByAccessToken[session.tokens.access] = session.id
    idsByRefreshToken[session.tokens.refresh] = session.id
  }

  private mutating func remove(_ session: Session) {
    sessions[session.id] = nil
    idsByAccessToken[session.tokens.access] = nil
    idsByRefreshToken[session.tokens.refresh] = nil
  }
}
