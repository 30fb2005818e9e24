#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a new user asks for (contract §1).
public struct RegistrationRequest: Sendable, Hashable {
  /// The e-mail address.
  public var email: String
  /// The password: 12 characters or more, 1,024 bytes at most.
  public var password: Secret
  /// A name to log in with.
  public var username: String?
  /// A telephone number.
  public var phone: String?
  /// The name of the space to found.
  public var spaceName: String?
  /// The short name of the space to found.
  public var spaceSlug: String?
  /// The new member's name.
  public var memberDisplayName: String?
  /// The token that an invitation or a first installation carries.
  public var registrationToken: Secret?
  /// Anything else for the service to keep.
  public var metadata: JSONObject?

  /// Makes a request to register.
  public init(
    email: String, password: Secret, username: String? = nil, phone: String? = nil, spaceName: String? = nil,
    spaceSlug: String? = nil, memberDisplayName: String? = nil, registrationToken: Secret? = nil,
    metadata: JSONObject? = nil
  ) {
    self.email = email
    self.password = password
    self.username = username
    self.phone = phone
    self.spaceName = spaceName
    self.spaceSlug = spaceSlug
    self.memberDisplayName = memberDisplayName
    self.registrationToken = registrationToken
    self.metadata = metadata
  }

  /// Makes a request to register with a password that is plain text.
  public init(
    email: String, password: String, username: String? = nil, phone: String? = nil, spaceName: String? = nil,
    spaceSlug: String? = nil, memberDisplayName: String? = nil, registrationToken: Secret? = nil,
    metadata: JSONObject? = nil
  ) {
    self.init(
      email: email, password: Secret(password), username: username, phone: phone, spaceName: spaceName,
      spaceSlug: spaceSlug, memberDisplayName: memberDisplayName, registrationToken: registrationToken,
      metadata: metadata)
  }
}

extension RegistrationRequest: WireModel {
  package init(from fields: inout JSONReader) throws {
    email = try fields.required("email")
    password = try fields.required("password")
    username = try fields.optional("username")
    phone = try fields.optional("phone")
    spaceName = try fields.optional("space_name")
    spaceSlug = try fields.optional("space_slug")
    memberDisplayName = try fields.optional("member_display_name")
    registrationToken = try fields.optional("registration_token")
    metadata = try fields.metadata("metadata")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("email", email)
    writer.field("password", password)
    writer.optional("username", username)
    writer.optional("phone", phone)
    writer.optional("space_name", spaceName)
    writer.optional("space_slug", spaceSlug)
    writer.optional("member_display_name", memberDisplayName)
    writer.optional("registration_token", registrationToken)
    writer.optional("metadata", metadata)
  }
}

/// What became of a registration: with a session, or, where a user is only put on record, without one.
public struct Registration: Sendable, Hashable {
  /// The session's tokens, if one was opened.
  public var tokens: TokenPair?
  /// The new user.
  public var user: UserAccount
  /// The identity under which the session acts, if it has an active member.
  public var actor: ActorIdentity?
  /// The bindings that the session may switch to.
  public var availableMembers: [MemberBinding] = []
  /// Whether the user became the first super administrator.
  public var bootstrapSuperAdmin = false
  /// The grant that makes the user an administrator of the new space, if there is one.
  public var spaceAdminGrantID: String?
  /// The way in which the service registers, such as `ordinary`.
  public var registrationMode: String?
  /// Whether only a user was made, without space and member.
  public var isUserOnly = false
  /// Whether somebody must still approve it.
  public var requiresApproval = false

  /// Makes a registration of a user, for tests to fill in.
  public init(user: UserAccount) { self.user = user }

  /// The session that was opened, if one was.
  public var session: UserSession? {
    tokens.map { UserSession(tokens: $0, user: user, actor: actor, availableMembers: availableMembers) }
  }
}

extension Registration: WireModel {
  package init(from fields: inout JSONReader) throws {
    tokens = try Self.tokens(from: &fields)
    user = try fields.required("user")
    actor = try fields.optional("actor")
    availableMembers = try fields.value("available_members", or: [])
    bootstrapSuperAdmin = try fields.value("bootstrap_super_admin", or: false)
    spaceAdminGrantID = try fields.optional("space_admin_grant_id")
    registrationMode = try fields.optional("registration_mode")
    isUserOnly = try fields.value("user_only", or: false)
    requiresApproval = try fields.value("registration_requires_approval", or: false)
  }

  package func writeFields(to writer: inout JSONWriter) {
    tokens?.writeFields(to: &writer)
    writer.field("user", user)
    writer.optional("actor", actor)
    writer.field("available_members", availableMembers)
    writer.field("bootstrap_super_admin", bootstrapSuperAdmin)
    writer.optional("space_admin_grant_id", spaceAdminGrantID)
    writer.optional("registration_mode", registrationMode)
    writer.field("user_only", isUserOnly)
    writer.field("registration_requires_approval", requiresApproval)
  }

  private static func tokens(from fields: inout JSONReader) throws -> TokenPair? {
    let accessToken: Secret? = try fields.optional("access_token")
    let refreshToken: Secret? = try fields.optional("refresh_token")
    let tokenType: String = try fields.value("token_type", or: "Bearer")
    let expiresAt: Date? = try fields.optional("expires_at")
    let refreshExpiresAt: Date? = try fields.optional("refresh_expires_at")
    guard let accessToken, let refreshToken else {
      if accessToken == nil, refreshToken == nil { return nil }
      throw fields.objectFault("one of 'access_token' and 'refresh_token' is missing")
    }
    return TokenPair(
      accessToken: accessToken, refreshToken: refreshToken, tokenType: tokenType, expiresAt: expiresAt,
      refreshExpiresAt: refreshExpiresAt)
  }
}
