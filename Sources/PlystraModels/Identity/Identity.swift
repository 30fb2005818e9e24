#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A user's account.
public struct UserAccount: PlystraModel {
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
}

extension UserAccount: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.required("id")
    email = try fields.optional("email")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.optional("email", email)
    writer.field("status", status)
  }
}

/// The identity under which a session acts.
public struct ActorIdentity: PlystraModel {
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
}

extension ActorIdentity: WireModel {
  package init(from fields: inout JSONReader) throws {
    userID = try fields.required("user_id")
    memberID = try fields.optional("member_id")
    userMemberID = try fields.optional("user_member_id")
    spaceID = try fields.optional("space_id")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("user_id", userID)
    writer.optional("member_id", memberID)
    writer.optional("user_member_id", userMemberID)
    writer.optional("space_id", spaceID)
  }
}

/// A binding of a user to a member of a space, which a session may act through.
public struct MemberBinding: PlystraModel {
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
}

extension MemberBinding: WireModel {
  package init(from fields: inout JSONReader) throws {
    userMemberID = try fields.required("user_member_id")
    userID = try fields.optional("user_id")
    userEmail = try fields.optional("user_email")
    memberID = try fields.optional("member_id")
    memberDisplayName = try fields.optional("member_display_name")
    spaceID = try fields.optional("space_id")
    spaceName = try fields.optional("space_name")
    relationType = try fields.optional("relation_type")
    isPrimary = try fields.value("is_primary", or: false)
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("user_member_id", userMemberID)
    writer.optional("user_id", userID)
    writer.optional("user_email", userEmail)
    writer.optional("member_id", memberID)
    writer.optional("member_display_name", memberDisplayName)
    writer.optional("space_id", spaceID)
    writer.optional("space_name", spaceName)
    writer.optional("relation_type", relationType)
    writer.field("is_primary", isPrimary)
  }
}

/// Who a session acts as, and who else it could.
public struct ActorSession: PlystraModel {
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
}

extension ActorSession: WireModel {
  package init(from fields: inout JSONReader) throws {
    sessionID = try fields.optional("session_id")
    actor = try fields.optional("actor")
    availableMembers = try fields.value("available_members", or: [])
    expiresAt = try fields.optional("expires_at")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("session_id", sessionID)
    writer.optional("actor", actor)
    writer.field("available_members", availableMembers)
    writer.optional("expires_at", expiresAt)
  }
}
