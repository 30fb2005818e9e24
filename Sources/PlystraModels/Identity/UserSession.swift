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
  package init(from fields: inout JSONReader) throws {
    accessToken = try fields.required("access_token")
    refreshToken = try fields.required("refresh_token")
    tokenType = try fields.value("token_type", or: "Bearer")
    expiresAt = try fields.optional("expires_at")
    refreshExpiresAt = try fields.optional("refresh_expires_at")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("access_token", accessToken)
    writer.field("refresh_token", refreshToken)
    writer.field("token_type", tokenType)
    writer.optional("expires_at", expiresAt)
    writer.optional("refresh_expires_at", refreshExpiresAt)
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
  package init(from fields: inout JSONReader) throws {
    tokens = try TokenPair(from: &fields)
    user = try fields.required("user")
    actor = try fields.optional("actor")
    availableMembers = try fields.value("available_members", or: [])
  }

  package func writeFields(to writer: inout JSONWriter) {
    tokens.writeFields(to: &writer)
    writer.field("user", user)
    writer.optional("actor", actor)
    writer.field("available_members", availableMembers)
  }
}
