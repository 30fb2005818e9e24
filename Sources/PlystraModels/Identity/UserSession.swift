#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The tokens of a session: a refresh replaces both at once (contract §1).
///
/// Not `Codable`, so that the tokens cannot be stored by mistake.
public struct TokenPair: Sendable, Hashable {
  /// The token that calls carry; it lives 15 minutes.
  public var accessToken: Secret
  /// The token that buys a new pair, once; it lives 30 days.
  public var refreshToken: Secret
  /// The scheme of the access token, `Bearer`.
  public var tokenType: String
  /// When the access token ends.
  public var expiresAt: Date?
  /// When the refresh token ends.
  public var refreshExpiresAt: Date?

  /// Makes a pair of tokens.
  public init(
    accessToken: Secret, refreshToken: Secret, tokenType: String = "Bearer", expiresAt: Date? = nil,
    refreshExpiresAt: Date? = nil
  ) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    self.tokenType = tokenType
    self.expiresAt = expiresAt
    self.refreshExpiresAt = refreshExpiresAt
  }
}

extension TokenPair: WireModel {
  package init() { self.init(accessToken: Secret(""), refreshToken: Secret("")) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("access_token", &accessToken)
    try visitor.required("refresh_token", &refreshToken)
    try visitor.field("token_type", &tokenType)
    try visitor.field("expires_at", &expiresAt)
    try visitor.field("refresh_expires_at", &refreshExpiresAt)
  }
}

/// A user's session, as a login opens it.
public struct UserSession: Sendable, Hashable {
  /// The session's tokens.
  public var tokens: TokenPair
  /// The user who logged in.
  public var user: UserAccount
  /// The identity under which the session acts, if it has an active member.
  public var actor: ActorIdentity?
  /// The bindings that the session may switch to.
  public var availableMembers: [MemberBinding]

  /// Makes a session.
  public init(
    tokens: TokenPair, user: UserAccount, actor: ActorIdentity? = nil, availableMembers: [MemberBinding] = []
  ) {
    self.tokens = tokens
    self.user = user
    self.actor = actor
    self.availableMembers = availableMembers
  }
}

extension UserSession: WireModel {
  package init() { self.init(tokens: TokenPair(), user: UserAccount()) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try tokens.fields(&visitor)
    try visitor.required("user", &user)
    try visitor.field("actor", &actor)
    try visitor.field("available_members", &availableMembers)
  }
}
