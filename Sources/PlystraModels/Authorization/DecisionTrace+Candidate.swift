// The grants that were weighed.

extension DecisionTrace {
  /// A grant that was weighed.
  public struct Candidate: Sendable, Hashable, Codable {
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
    /// Reads a stored candidate.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the candidate.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A role.
  public struct Role: Sendable, Hashable, Codable {
    /// The role's id.
    public var id: String = ""
    /// The key, such as `finance_approver`.
    public var key: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// Makes a blank role.
    public init() {}
    /// Reads a stored role.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the role.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A permission.
  public struct Permission: Sendable, Hashable, Codable {
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
    /// Reads a stored permission.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the permission.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// Whether a grant reaches a resource, and why.
  public struct ScopeCheck: Sendable, Hashable, Codable {
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
    /// Reads a stored check.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the check.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
