/// What a decision says.
public struct Effect: WireEnumeration {
  /// The name on the wire.
  public let rawValue: String
  /// Makes an effect of its name on the wire.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The action is allowed.
  public static let allow = Effect(rawValue: "allow")
  /// The action is denied.
  public static let deny = Effect(rawValue: "deny")
}

/// How far a grant reaches.
public struct Scope: WireEnumeration {
  /// The name on the wire.
  public let rawValue: String
  /// Makes a scope of its name on the wire.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Resources that the actor's member owns (`self`).
  public static let selfOnly = Scope(rawValue: "self")
  /// Resources in the anchor group.
  public static let group = Scope(rawValue: "group")
  /// Resources in the anchor group or any group beneath it.
  public static let groupTree = Scope(rawValue: "group_tree")
  /// Resources in the actor's space.
  public static let space = Scope(rawValue: "space")
  /// Reserved; it covers nothing today.
  public static let global = Scope(rawValue: "global")

  /// The scopes that the service accepts (contract §3).
  static let known: [Scope] = [.selfOnly, .group, .groupTree, .space, .global]
}

/// Why a decision denies (contract §4).
public struct DenyCode: WireEnumeration {
  /// The name on the wire.
  public let rawValue: String
  /// Makes a deny code of its name on the wire.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The actor's user is not active.
  public static let actorUserInactive = DenyCode(rawValue: "ACTOR_USER_INACTIVE")
  /// The actor's member is not active.
  public static let actorMemberInactive = DenyCode(rawValue: "ACTOR_MEMBER_INACTIVE")
  /// The binding of user and member is not active.
  public static let userMemberRevoked = DenyCode(rawValue: "USER_MEMBER_REVOKED")
  /// The binding of user and member has expired.
  public static let userMemberExpired = DenyCode(rawValue: "USER_MEMBER_EXPIRED")
  /// The space is not active.
  public static let spaceInactive = DenyCode(rawValue: "SPACE_INACTIVE")
  /// Actor, resource and grants do not lie in one space.
  public static let crossSpaceViolation = DenyCode(rawValue: "CROSS_SPACE_VIOLATION")
  /// No grant is about this action on this type of resource.
  public static let noMatchingPermission = DenyCode(rawValue: "NO_MATCHING_PERMISSION")
  /// A grant reaches as far as a group, and names none.
  public static let scopeAnchorMissing = DenyCode(rawValue: "SCOPE_ANCHOR_MISSING")
  /// A grant reaches as far as a group, and the resource is in none.
  public static let targetGroupMissing = DenyCode(rawValue: "TARGET_GROUP_MISSING")
  /// No grant reaches the resource.
  public static let scopeOutOfBounds = DenyCode(rawValue: "SCOPE_OUT_OF_BOUNDS")
  /// A grant's scope is `global`, which is reserved.
  public static let globalScopeDisabled = DenyCode(rawValue: "GLOBAL_SCOPE_DISABLED")
  /// The type of resource is not registered.
  public static let invalidResourceType = DenyCode(rawValue: "INVALID_RESOURCE_TYPE")
  /// The action is not registered for the type of resource.
  public static let invalidResourceAction = DenyCode(rawValue: "INVALID_RESOURCE_ACTION")
}
