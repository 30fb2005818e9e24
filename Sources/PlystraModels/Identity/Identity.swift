#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A user's account.
public struct UserAccount: Sendable, Hashable, Codable {
  /// The user's id.
  public var id: String
  /// The e-mail address.
  public var email: String?
  /// The status, such as `active`.
  public var status: String

  /// Makes an account.
  public init(id: String, email: String? = nil, status: String = "active") {
    self.id = id
    self.email = email
    self.status = status
  }

  /// Reads a stored account.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the account.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension UserAccount: WireModel {
  package init() { self.init(id: "", status: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("id", &id)
    try visitor.field("email", &email)
    try visitor.field("status", &status)
  }
}

/// The identity under which a session acts.
public struct ActorIdentity: Sendable, Hashable, Codable {
  /// The user's id.
  public var userID: String
  /// The member's id, if a member is active.
  public var memberID: String?
  /// The id of the binding of both.
  public var userMemberID: String?
  /// The space's id.
  public var spaceID: String?

  /// Makes an identity.
  public init(userID: String, memberID: String? = nil, userMemberID: String? = nil, spaceID: String? = nil) {
    self.userID = userID
    self.memberID = memberID
    self.userMemberID = userMemberID
    self.spaceID = spaceID
  }

  /// Reads a stored identity.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the identity.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ActorIdentity: WireModel {
  package init() { self.init(userID: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("user_id", &userID)
    try visitor.field("member_id", &memberID)
    try visitor.field("user_member_id", &userMemberID)
    try visitor.field("space_id", &spaceID)
  }
}

/// A binding of a user to a member of a space, which a session may act through.
public struct MemberBinding: Sendable, Hashable, Codable {
  /// The binding's id.
  public var userMemberID: String
  /// The user's id.
  public var userID: String?
  /// The user's e-mail address.
  public var userEmail: String?
  /// The member's id.
  public var memberID: String?
  /// The member's name.
  public var memberDisplayName: String?
  /// The space's id.
  public var spaceID: String?
  /// The space's name.
  public var spaceName: String?
  /// How user and member relate, such as `login` or `delegate`.
  public var relationType: String?
  /// Whether it is the user's main binding.
  public var isPrimary: Bool

  /// Makes a binding.
  public init(
    userMemberID: String, userID: String? = nil, userEmail: String? = nil, memberID: String? = nil,
    memberDisplayName: String? = nil, spaceID: String? = nil, spaceName: String? = nil,
    relationType: String? = nil, isPrimary: Bool = false
  ) {
    self.userMemberID = userMemberID
    self.userID = userID
    self.userEmail = userEmail
    self.memberID = memberID
    self.memberDisplayName = memberDisplayName
    self.spaceID = spaceID
    self.spaceName = spaceName
    self.relationType = relationType
    self.isPrimary = isPrimary
  }

  /// Reads a stored binding.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the binding.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension MemberBinding: WireModel {
  package init() { self.init(userMemberID: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("user_member_id", &userMemberID)
    try visitor.field("user_id", &userID)
    try visitor.field("user_email", &userEmail)
    try visitor.field("member_id", &memberID)
    try visitor.field("member_display_name", &memberDisplayName)
    try visitor.field("space_id", &spaceID)
    try visitor.field("space_name", &spaceName)
    try visitor.field("relation_type", &relationType)
    try visitor.field("is_primary", &isPrimary)
  }
}

/// Who a session acts as, and who else it could.
public struct ActorSession: Sendable, Hashable, Codable {
  /// The session's id; not answered by a switch of members.
  public var sessionID: String?
  /// The identity under which the session acts, if it has an active member.
  public var actor: ActorIdentity?
  /// The bindings that the session may switch to.
  public var availableMembers: [MemberBinding]
  /// When the access token ends; not answered by a switch of members.
  public var expiresAt: Date?

  /// Makes a session's actor.
  public init(
    sessionID: String? = nil, actor: ActorIdentity? = nil, availableMembers: [MemberBinding] = [],
    expiresAt: Date? = nil
  ) {
    self.sessionID = sessionID
    self.actor = actor
    self.availableMembers = availableMembers
    self.expiresAt = expiresAt
  }

  /// Reads a stored session's actor.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the session's actor.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ActorSession: WireModel {
  package init() { self.init(sessionID: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("session_id", &sessionID)
    try visitor.field("actor", &actor)
    try visitor.field("available_members", &availableMembers)
    try visitor.field("expires_at", &expiresAt)
  }
}
