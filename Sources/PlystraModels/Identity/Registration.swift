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
  package init() { self.init(email: "", password: Secret("")) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("email", &email)
    try visitor.required("password", &password)
    try visitor.field("username", &username)
    try visitor.field("phone", &phone)
    try visitor.field("space_name", &spaceName)
    try visitor.field("space_slug", &spaceSlug)
    try visitor.field("member_display_name", &memberDisplayName)
    try visitor.field("registration_token", &registrationToken)
    try visitor.field("metadata", &metadata)
  }
}

/// What became of a registration: with a session, or, where a user is only put on record, without one.
public struct Registration: Sendable, Hashable {
  /// The session's tokens, if one was opened.
  public var tokens: TokenPair? {
    get { tokenFields.pair }
    set { tokenFields = TokenFields(newValue) }
  }
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

  private var tokenFields = TokenFields(nil)

  /// Makes a registration of a user, for tests to fill in.
  public init(user: UserAccount) { self.user = user }

  /// The session that was opened, if one was.
  public var session: UserSession? {
    tokens.map { UserSession(tokens: $0, user: user, actor: actor, availableMembers: availableMembers) }
  }
}

extension Registration: WireModel {
  package init() { self.init(user: UserAccount()) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try tokenFields.fields(&visitor)
    try visitor.required("user", &user)
    try visitor.field("actor", &actor)
    try visitor.field("available_members", &availableMembers)
    try visitor.field("bootstrap_super_admin", &bootstrapSuperAdmin)
    try visitor.field("space_admin_grant_id", &spaceAdminGrantID)
    try visitor.field("registration_mode", &registrationMode)
    try visitor.field("user_only", &isUserOnly)
    try visitor.field("registration_requires_approval", &requiresApproval)
  }

  package static func read(from reader: inout JSONReader) throws -> Registration {
    _ = try reader.peek()
    let start = reader.position
    var registration = Registration()
    try registration.readFields(from: &reader)
    if registration.tokenFields.isHalf {
      throw reader.fault("one of 'access_token' and 'refresh_token' is missing", at: start)
    }
    return registration
  }
}

/// The tokens of a registration, which stand beside its other fields: both of them or none.
private struct TokenFields: WireModel, Hashable {
  private var accessToken: Secret?
  private var refreshToken: Secret?
  private var tokenType: String?
  private var expiresAt: Date?
  private var refreshExpiresAt: Date?

  init() { self.init(nil) }

  init(_ pair: TokenPair?) {
    accessToken = pair?.accessToken
    refreshToken = pair?.refreshToken
    tokenType = pair?.tokenType
    expiresAt = pair?.expiresAt
    refreshExpiresAt = pair?.refreshExpiresAt
  }

  var isHalf: Bool { (accessToken == nil) != (refreshToken == nil) }

  var pair: TokenPair? {
    guard let accessToken, let refreshToken else { return nil }
    return TokenPair(
      accessToken: accessToken, refreshToken: refreshToken, tokenType: tokenType ?? "Bearer",
      expiresAt: expiresAt, refreshExpiresAt: refreshExpiresAt)
  }

  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("access_token", &accessToken)
    try visitor.field("refresh_token", &refreshToken)
    try visitor.field("token_type", &tokenType)
    try visitor.field("expires_at", &expiresAt)
    try visitor.field("refresh_expires_at", &refreshExpiresAt)
  }
}
