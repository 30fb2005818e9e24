// The grants that were weighed.

extension DecisionTrace {
  /// A grant that was weighed.
  public struct Candidate: PlystraModel {
    /// The role that carries the grant.
    public var role = Role()
    /// The permission that is granted.
    public var permission = Permission()
    /// The group that the scope reaches from, if it has one.
    public var scopeAnchor: Group?
    /// Whether the grant reaches the resource, and why.
    public var scopeCheck = ScopeCheck()
    /// The space in which the member has the role.
    public var memberRoleSpaceID: String = ""
    /// Makes a blank candidate.
    public init() {}
  }

  /// A role.
  public struct Role: PlystraModel {
    /// The role's id.
    public var id: String = ""
    /// The key, such as `finance_approver`.
    public var key: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// Makes a blank role.
    public init() {}
  }

  /// A permission.
  public struct Permission: PlystraModel {
    /// The permission's id.
    public var id: String = ""
    /// The type of resource.
    public var resource: String = ""
    /// The action.
    public var action: String = ""
    /// How far it reaches.
    public var scope: Scope = ""
    /// Makes a blank permission.
    public init() {}
  }

  /// Whether a grant reaches a resource, and why.
  public struct ScopeCheck: PlystraModel {
    /// Whether it reaches it.
    public var covered = false
    /// The rule that was applied.
    public var rule: String = ""
    /// The reason in words.
    public var reason: String = ""
    /// Why it does not reach it, if it does not.
    public var denyCode: DenyCode?
    /// Makes a blank check.
    public init() {}
  }
}

extension DecisionTrace.Candidate: WireModel {
  package init(from fields: inout JSONReader) throws {
    role = try fields.value("role", or: .init())
    permission = try fields.value("permission", or: .init())
    scopeAnchor = try fields.optional("scope_anchor")
    scopeCheck = try fields.value("scope_check", or: .init())
    memberRoleSpaceID = try fields.value("member_role_space_id", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("role", role)
    writer.field("permission", permission)
    writer.optional("scope_anchor", scopeAnchor)
    writer.field("scope_check", scopeCheck)
    writer.field("member_role_space_id", memberRoleSpaceID)
  }
}

extension DecisionTrace.Role: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    key = try fields.value("key", or: "")
    spaceID = try fields.value("space_id", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("key", key)
    writer.field("space_id", spaceID)
  }
}

extension DecisionTrace.Permission: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    resource = try fields.value("resource", or: "")
    action = try fields.value("action", or: "")
    scope = try fields.value("scope", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("resource", resource)
    writer.field("action", action)
    writer.field("scope", scope)
  }
}

extension DecisionTrace.ScopeCheck: WireModel {
  package init(from fields: inout JSONReader) throws {
    covered = try fields.value("covered", or: false)
    rule = try fields.value("rule", or: "")
    reason = try fields.value("reason", or: "")
    denyCode = try fields.optional("deny_code")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("covered", covered)
    writer.field("rule", rule)
    writer.field("reason", reason)
    writer.optional("deny_code", denyCode)
  }
}
