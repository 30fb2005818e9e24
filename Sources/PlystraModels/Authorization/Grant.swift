/// What an actor was granted: an action on a type of resource, as far as a scope reaches (contract §3).
public struct Grant: PlystraModel {
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
}

extension Grant: WireModel {
  package init(from fields: inout JSONReader) throws {
    roleKey = try fields.optional("role_key")
    resource = try fields.optional("resource")
    action = try fields.optional("action")
    scope = try fields.required("scope")
    spaceID = try fields.optional("space_id")
    scopeAnchorGroupPath = try fields.optional("scope_anchor_group_path")
    scopeAnchorGroupID = try fields.optional("scope_anchor_group_id")
    roleID = try fields.optional("role_id")
    permissionID = try fields.optional("permission_id")
  }

  package func writeFields(to writer: inout JSONWriter) {
    forEachField { name, _, value in writer.optional(name, value) }
  }

  /// Calls `body` with every field: its name on the wire, what the service uses it for, and its value.
  package func forEachField<Failure: Error>(
    _ body: (StaticString, ContextFieldUse, String?) throws(Failure) -> Void
  ) throws(Failure) {
    try body("role_key", .fact, roleKey)
    try body("resource", .fact, resource)
    try body("action", .fact, action)
    try body("scope", .fact, scope.rawValue)
    try body("space_id", .fact, spaceID)
    try body("scope_anchor_group_path", .fact, scopeAnchorGroupPath)
    try body("scope_anchor_group_id", .fact, scopeAnchorGroupID)
    try body("role_id", .fact, roleID)
    try body("permission_id", .fact, permissionID)
  }
}
