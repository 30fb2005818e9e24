#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How a decision came about, from the actor to the grants that were weighed (contract §4).
///
/// What the service did not find is blank: an unregistered type leaves `target` and `registry` empty.
public struct DecisionTrace: Sendable, Hashable, Codable {
  /// The version of the trace's form, such as `1.0`.
  public var traceVersion: String = ""
  /// The trace's id.
  public var traceID: String?
  /// What was decided.
  public var decision: Effect = ""
  /// Why it was denied, if it was.
  public var denyCode: DenyCode?
  /// Who acted.
  public var actor = Actor()
  /// The space in which it was judged.
  public var space = Space()
  /// What was acted on.
  public var target = Target()
  /// What the service knows of the type and the action.
  public var registry: Registry {
    get { boxedRegistry.value }
    set { boxedRegistry.value = newValue }
  }
  /// Apart from the rest, which is then small enough for memory to be had quickly.
  private var boxedRegistry = Boxed<Registry>()
  /// The grants that were weighed, in order.
  public var matchedCandidates: [Candidate] = []
  /// The request that asked.
  public var request = RequestInfo()
  /// The reason in words.
  public var reason: String = ""
  /// What the audit row holds.
  public var audit = DecisionAudit()

  /// Makes a blank trace, for tests to fill in.
  public init() {}
  /// Reads a stored trace.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the trace.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension DecisionTrace: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("trace_version", &traceVersion)
    try visitor.field("trace_id", &traceID)
    try visitor.decisiveRequired("decision", &decision)
    try visitor.decisive("deny_code", &denyCode)
    try evidenceFields(&visitor)
    try visitor.field("reason", &reason)
    try visitor.field("audit", &audit)
  }

  /// The fields that only an explained decision has.
  mutating func evidenceFields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("actor", &actor)
    try visitor.field("space", &space)
    try visitor.field("target", &target)
    try visitor.field("resource_registry", &boxedRegistry)
    try visitor.field("matched_candidates", &matchedCandidates)
    try visitor.field("request", &request)
  }
}

extension DecisionTrace {
  /// Who acted.
  public struct Actor: Sendable, Hashable, Codable {
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
    /// Reads a stored actor.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the actor.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A user.
  public struct User: Sendable, Hashable, Codable {
    /// The user's id.
    public var id: String = ""
    /// The e-mail address, if known.
    public var email: String?
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank user.
    public init() {}
    /// Reads a stored user.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the user.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A member of a space.
  public struct Member: Sendable, Hashable, Codable {
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
    /// Reads a stored member.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the member.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A binding of a user and a member.
  public struct UserMember: Sendable, Hashable, Codable {
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
    /// Reads a stored binding.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the binding.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A space.
  public struct Space: Sendable, Hashable, Codable {
    /// The space's id.
    public var id: String = ""
    /// The name.
    public var name: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank space.
    public init() {}
    /// Reads a stored space.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the space.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A group within a space.
  public struct Group: Sendable, Hashable, Codable {
    /// The group's id.
    public var id: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The path, such as `finance.apac`.
    public var path: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank group.
    public init() {}
    /// Reads a stored group.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the group.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// What was acted on.
  public struct Target: Sendable, Hashable, Codable {
    /// The resource.
    public var resource = Resource()
    /// Its group, if it is in one.
    public var group: Group?
    /// Makes a blank target.
    public init() {}
    /// Reads a stored target.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the target.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A resource.
  public struct Resource: Sendable, Hashable, Codable {
    /// The id by which the service knows it.
    public var id: String = ""
    /// The id by which the application knows it.
    public var externalID: String?
    /// The type, such as `invoice`.
    public var type: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The group's id, if it is in one.
    public var groupID: String?
    /// The group's path, if it is in one.
    public var groupPath: String?
    /// The owner's member id, if it has an owner.
    public var ownerMemberID: String?
    /// The name, if it has one.
    public var displayName: String?
    /// Who may see it, if said.
    public var visibility: String?
    /// The status, such as `active`.
    public var status: String?
    /// Anything else that is known of it.
    public var metadata: JSONObject?
    /// Makes a blank resource.
    public init() {}
    /// Reads a stored resource.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the resource.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// What the service knows of the type and the action.
  public struct Registry: Sendable, Hashable, Codable {
    /// The type.
    public var resourceType = RegisteredType()
    /// The action.
    public var action = RegisteredAction()
    /// Where resources of the type are kept.
    public var mapping = Mapping()
    /// Makes a blank registry.
    public init() {}
    /// Reads a stored registry.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the registry.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A registered type of resource.
  public struct RegisteredType: Sendable, Hashable, Codable {
    /// The type's id.
    public var id: String = ""
    /// The key, such as `invoice`.
    public var key: String = ""
    /// The name.
    public var displayName: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Where it comes from, such as `core`.
    public var source: String = ""
    /// Makes a blank type.
    public init() {}
    /// Reads a stored type.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the type.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A registered action.
  public struct RegisteredAction: Sendable, Hashable, Codable {
    /// The action's id.
    public var id: String = ""
    /// The id of its type.
    public var resourceTypeID: String = ""
    /// The key, such as `approve`.
    public var key: String = ""
    /// The name.
    public var displayName: String = ""
    /// How risky the action is, such as `high`.
    public var riskLevel: String = ""
    /// Whether it is audited unless said otherwise.
    public var auditDefault = false
    /// Makes a blank action.
    public init() {}
    /// Reads a stored action.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the action.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// Where the service keeps resources of a type.
  public struct Mapping: Sendable, Hashable, Codable {
    /// The mapping's id.
    public var id: String = ""
    /// The id of its type.
    public var resourceTypeID: String = ""
    /// The kind of storage, such as `internal_table`.
    public var storageKind: String = ""
    /// The table.
    public var tableName: String?
    /// The field of the id.
    public var idField: String = ""
    /// The field of the space.
    public var spaceField: String = ""
    /// The field of the group.
    public var groupField: String?
    /// The field of the owner.
    public var ownerMemberField: String?
    /// The field of the visibility.
    public var visibilityField: String?
    /// The field of the metadata.
    public var metadataField: String?
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank mapping.
    public init() {}
    /// Reads a stored mapping.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the mapping.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

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

  /// The request that asked for the decision.
  public struct RequestInfo: Sendable, Hashable, Codable {
    /// The request's id.
    public var requestID: String?
    /// The caller's address.
    public var ip: String?
    /// The caller's user agent.
    public var userAgent: String?
    /// Makes a blank request.
    public init() {}
    /// Reads a stored request.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the request.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
