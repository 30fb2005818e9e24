/// The question "may this actor do this action on this resource?" (contract §3).
///
/// Which data the service judges by depends on what the request carries:
///
/// * With ``grants``, even an empty list, or with actor metadata it judges from the request alone (Context Mode, API keys
///   only). ``inContext(actor:resource:grants:action:explain:)`` makes such a request.
/// * With neither it judges by its own data and the grants that it has stored (managed mode).
///   ``managed(actor:resourceType:resourceID:action:explain:)`` makes such a request.
///
/// So an empty list and nil are different questions: `[]` says that the actor was granted nothing, and is never allowed;
/// nil leaves it to the service, which may allow.
public struct AuthorizationRequest: Sendable, Hashable, Codable {
  /// Who acts. A session may leave it out: its active member then acts.
  public var actor: ActorContext?
  /// What is acted on, with the facts that the decision needs.
  public var resource: ResourceContext?
  /// The type of the resource; taken from `resource` when nil.
  public var resourceType: String?
  /// The id of the resource; taken from `resource` when nil.
  public var resourceID: String?
  /// All that the actor was granted; nil leaves it to the service.
  ///
  /// A list, also an empty one, is Context Mode: an empty list is denied with `NO_MATCHING_PERMISSION`, whatever the
  /// service has stored. It needs an ``actor``: without one the request cannot be written. nil is managed mode, unless
  /// the actor has metadata.
  public var grants: [Grant]?
  /// What is to be done, such as `approve`; must not be empty.
  public var action: String
  /// Whether `check` returns the whole trace, as `explain` does.
  public var explain: Bool

  /// Makes a question.
  public init(
    actor: ActorContext? = nil, resource: ResourceContext? = nil, resourceType: String? = nil,
    resourceID: String? = nil, grants: [Grant]? = nil, action: String, explain: Bool = false
  ) {
    self.actor = actor
    self.resource = resource
    self.resourceType = resourceType
    self.resourceID = resourceID
    self.grants = grants
    self.action = action
    self.explain = explain
  }

  /// Reads a stored question.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the question.
  ///
  /// - Throws: `EncodingError` for a number that is not finite, and for an empty list of grants without an actor.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension AuthorizationRequest: WireModel {
  package init() { self.init(action: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("actor", &actor)
    try visitor.field("resource", &resource)
    try visitor.field("resource_type", &resourceType)
    try visitor.field("resource_id", &resourceID)
    try visitor.list("grants", &grants)
    try visitor.required("action", &action)
    try visitor.flag("explain", &explain)
  }
}

/// Who acts: a user, as a member of a space, through a binding of both (contract §3).
public struct ActorContext: Sendable, Hashable, Codable {
  /// The user's id.
  public var userID: String?
  /// The member's id.
  public var memberID: String?
  /// The space's id.
  public var spaceID: String?
  /// The id of the binding of user and member; the same thing as `userMemberID`, which wins if both are given.
  public var bindingID: String?
  /// The id of the binding of user and member.
  public var userMemberID: String?
  /// The user's e-mail address.
  public var userEmail: String?
  /// The user's status; `active` when nil.
  public var userStatus: String?
  /// The member's name; its id when nil.
  public var memberDisplayName: String?
  /// The member's status; `active` when nil.
  public var memberStatus: String?
  /// The binding's status; `active` when nil.
  public var bindingStatus: String?
  /// How user and member relate; `external` when nil.
  public var relationType: String?
  /// The space's name; its id when nil.
  public var spaceName: String?
  /// The space's status; `active` when nil.
  public var spaceStatus: String?

  /// Makes an actor.
  public init(
    userID: String? = nil, memberID: String? = nil, spaceID: String? = nil, bindingID: String? = nil,
    userMemberID: String? = nil, userEmail: String? = nil, userStatus: String? = nil,
    memberDisplayName: String? = nil, memberStatus: String? = nil, bindingStatus: String? = nil,
    relationType: String? = nil, spaceName: String? = nil, spaceStatus: String? = nil
  ) {
    self.userID = userID
    self.memberID = memberID
    self.spaceID = spaceID
    self.bindingID = bindingID
    self.userMemberID = userMemberID
    self.userEmail = userEmail
    self.userStatus = userStatus
    self.memberDisplayName = memberDisplayName
    self.memberStatus = memberStatus
    self.bindingStatus = bindingStatus
    self.relationType = relationType
    self.spaceName = spaceName
    self.spaceStatus = spaceStatus
  }

  /// Reads a stored actor.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the actor.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ActorContext: WireModel {
  package init() { self.init(userID: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("user_id", &userID)
    try visitor.field("member_id", &memberID)
    try visitor.field("space_id", &spaceID)
    try visitor.field("binding_id", &bindingID)
    try visitor.field("user_member_id", &userMemberID)
    try visitor.field("user_email", &userEmail)
    try visitor.field("user_status", &userStatus)
    try visitor.field("member_display_name", &memberDisplayName)
    try visitor.field("member_status", &memberStatus)
    try visitor.field("binding_status", &bindingStatus)
    try visitor.field("relation_type", &relationType)
    try visitor.field("space_name", &spaceName)
    try visitor.field("space_status", &spaceStatus)
  }
}

/// What is acted on (contract §3).
public struct ResourceContext: Sendable, Hashable, Codable {
  /// The type, such as `invoice`.
  public var type: String?
  /// The id by which the service knows it.
  public var id: String?
  /// The id by which the application knows it.
  public var externalID: String?
  /// The space it belongs to.
  public var spaceID: String?
  /// The group it belongs to.
  public var groupID: String?
  /// The path of that group, such as `finance.apac`.
  public var groupPath: String?
  /// The member who owns it.
  public var ownerMemberID: String?
  /// Its name.
  public var displayName: String?
  /// Who may see it.
  public var visibility: String?
  /// Its status; `active` when nil.
  public var status: String?
  /// Anything else, which the service keeps in the trace.
  public var metadata: JSONObject?

  /// Makes a resource.
  public init(
    type: String? = nil, id: String? = nil, externalID: String? = nil, spaceID: String? = nil,
    groupID: String? = nil, groupPath: String? = nil, ownerMemberID: String? = nil,
    displayName: String? = nil, visibility: String? = nil, status: String? = nil,
    metadata: JSONObject? = nil
  ) {
    self.type = type
    self.id = id
    self.externalID = externalID
    self.spaceID = spaceID
    self.groupID = groupID
    self.groupPath = groupPath
    self.ownerMemberID = ownerMemberID
    self.displayName = displayName
    self.visibility = visibility
    self.status = status
    self.metadata = metadata
  }

  /// Reads a stored resource.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the resource.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ResourceContext: WireModel {
  package init() { self.init(type: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("type", &type)
    try visitor.field("id", &id)
    try visitor.field("external_id", &externalID)
    try visitor.field("space_id", &spaceID)
    try visitor.field("group_id", &groupID)
    try visitor.field("group_path", &groupPath)
    try visitor.field("owner_member_id", &ownerMemberID)
    try visitor.field("display_name", &displayName)
    try visitor.field("visibility", &visibility)
    try visitor.field("status", &status)
    try visitor.field("metadata", &metadata)
  }
}

/// What an actor was granted: an action on a type of resource, as far as a scope reaches (contract §3).
public struct Grant: Sendable, Hashable, Codable {
  /// How far the grant reaches.
  public var scope: Scope
  /// The type of resource; the request's when nil.
  public var resource: String?
  /// The action; the request's when nil.
  public var action: String?
  /// The key of the role that carries the grant.
  public var roleKey: String?
  /// The space of the grant; the actor's when nil.
  public var spaceID: String?
  /// The path of the group that `group` and `group_tree` reach from.
  public var scopeAnchorGroupPath: String?
  /// The id of the group that `group` and `group_tree` reach from.
  public var scopeAnchorGroupID: String?
  /// The id of the role that carries the grant.
  public var roleID: String?
  /// The id of the permission that is granted.
  public var permissionID: String?

  /// Makes a grant.
  public init(
    scope: Scope, resource: String? = nil, action: String? = nil, roleKey: String? = nil,
    spaceID: String? = nil, scopeAnchorGroupPath: String? = nil, scopeAnchorGroupID: String? = nil,
    roleID: String? = nil, permissionID: String? = nil
  ) {
    self.scope = scope
    self.resource = resource
    self.action = action
    self.roleKey = roleKey
    self.spaceID = spaceID
    self.scopeAnchorGroupPath = scopeAnchorGroupPath
    self.scopeAnchorGroupID = scopeAnchorGroupID
    self.roleID = roleID
    self.permissionID = permissionID
  }

  /// Reads a stored grant.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the grant.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension Grant: WireModel {
  package init() { self.init(scope: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("role_key", &roleKey)
    try visitor.field("resource", &resource)
    try visitor.field("action", &action)
    try visitor.required("scope", &scope)
    try visitor.field("space_id", &spaceID)
    try visitor.field("scope_anchor_group_path", &scopeAnchorGroupPath)
    try visitor.field("scope_anchor_group_id", &scopeAnchorGroupID)
    try visitor.field("role_id", &roleID)
    try visitor.field("permission_id", &permissionID)
  }
}
