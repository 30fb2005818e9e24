#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Who acted, as whom, and where.

extension DecisionTrace {
  /// Who acted.
  public struct Actor: PlystraModel {
    /// The user.
    public var user = User()
    /// The member as which the user acted.
    public var member = Member()
    /// The binding of both.
    public var userMember = UserMember()
    /// The actor's space.
    public var space = Space()
    /// Makes a blank actor.
    public init() {}
  }

  /// A user.
  public struct User: PlystraModel {
    /// The user's id.
    public var id: String = ""
    /// The e-mail address, if known.
    public var email: String?
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank user.
    public init() {}
  }

  /// A member of a space.
  public struct Member: PlystraModel {
    /// The member's id.
    public var id: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The name.
    public var displayName: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank member.
    public init() {}
  }

  /// A binding of a user and a member.
  public struct UserMember: PlystraModel {
    /// The binding's id.
    public var id: String = ""
    /// The user's id.
    public var userID: String = ""
    /// The member's id.
    public var memberID: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// How user and member relate, such as `login`, `delegate` or `external`.
    public var relationType: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Whether it is the user's main binding.
    public var isPrimary = false
    /// When it ends; nil if never.
    public var expiresAt: Date?
    /// Makes a blank binding.
    public init() {}
  }

  /// A space.
  public struct Space: PlystraModel {
    /// The space's id.
    public var id: String = ""
    /// The name.
    public var name: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank space.
    public init() {}
  }
}

extension DecisionTrace.Actor: WireModel {
  package init(from fields: inout JSONReader) throws {
    user = try fields.value("user", or: .init())
    member = try fields.value("member", or: .init())
    userMember = try fields.value("user_member", or: .init())
    space = try fields.value("space", or: .init())
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("user", user)
    writer.field("member", member)
    writer.field("user_member", userMember)
    writer.field("space", space)
  }
}

extension DecisionTrace.User: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    email = try fields.optional("email")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.optional("email", email)
    writer.field("status", status)
  }
}

extension DecisionTrace.Member: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    spaceID = try fields.value("space_id", or: "")
    displayName = try fields.value("display_name", or: "")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("space_id", spaceID)
    writer.field("display_name", displayName)
    writer.field("status", status)
  }
}

extension DecisionTrace.UserMember: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    userID = try fields.value("user_id", or: "")
    memberID = try fields.value("member_id", or: "")
    spaceID = try fields.value("space_id", or: "")
    relationType = try fields.value("relation_type", or: "")
    status = try fields.value("status", or: "")
    isPrimary = try fields.value("is_primary", or: false)
    expiresAt = try fields.optional("expires_at")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("user_id", userID)
    writer.field("member_id", memberID)
    writer.field("space_id", spaceID)
    writer.field("relation_type", relationType)
    writer.field("status", status)
    writer.field("is_primary", isPrimary)
    writer.optional("expires_at", expiresAt)
  }
}

extension DecisionTrace.Space: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    name = try fields.value("name", or: "")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("name", name)
    writer.field("status", status)
  }
}
