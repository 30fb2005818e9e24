public import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension KernelSeed {
  /// A business identity within a space.
  public struct Member: Sendable {
    /// The member's id.
    public var id: String
    /// The space it belongs to.
    public var spaceID: String
    /// The name to show.
    public var displayName: String
    /// `active`, or anything else to deny every request of the member.
    public var status: String
    /// What is in it while a world is being built, and nothing after that.
    var parts: [any MemberPart] = []

    /// Makes a member; its name defaults to its id.
    public init(id: String, spaceID: String, displayName: String? = nil, status: String = "active") {
      self.id = id
      self.spaceID = spaceID
      self.displayName = displayName ?? id
      self.status = status
    }
  }

  /// The binding by which a user acts as a member.
  public struct UserMember: Sendable {
    /// The binding's id.
    public var id: String
    /// The user.
    public var userID: String
    /// The member.
    public var memberID: String
    /// The space, which is the member's.
    public var spaceID: String
    /// What the user is to the member, such as `login`, `delegate` or `temporary`.
    public var relationType: String
    /// `active`, or anything else to deny every request made through it.
    public var status: String
    /// Whether a login starts with this binding, if the user has several.
    public var isPrimary: Bool
    /// When it ends; nil means never.
    public var expiresAt: Date?

    /// Makes a binding.
    public init(
      id: String, userID: String, memberID: String, spaceID: String, relationType: String = "login",
      status: String = "active", isPrimary: Bool = false, expiresAt: Date? = nil
    ) {
      self.id = id
      self.userID = userID
      self.memberID = memberID
      self.spaceID = spaceID
      self.relationType = relationType
      self.status = status
      self.isPrimary = isPrimary
      self.expiresAt = expiresAt
    }
  }

  /// What a role permits.
  public struct Permission: Sendable {
    /// The permission's id.
    public var id: String
    /// The type of resource.
    public var resource: String
    /// The action.
    public var action: String
    /// How far it reaches; a scope that is not known covers nothing.
    public var scope: Scope

    /// Makes a permission; its id defaults to `perm_RESOURCE_ACTION_SCOPE`.
    public init(id: String? = nil, resource: String, action: String, scope: Scope) {
      self.id = id ?? "perm_\(resource)_\(action)_\(scope.rawValue)"
      self.resource = resource
      self.action = action
      self.scope = scope
    }
  }

  /// A bundle of permissions that members are granted together.
  public struct Role: Sendable {
    /// The role's id.
    public var id: String
    /// The name that decisions show.
    public var key: String
    /// The space it belongs to.
    public var spaceID: String
    /// What it permits.
    public var permissions: [Permission]

    /// Makes a role.
    public init(id: String, key: String, spaceID: String, permissions: [Permission]) {
      self.id = id
      self.key = key
      self.spaceID = spaceID
      self.permissions = permissions
    }
  }

  /// A role that a member holds.
  public struct Grant: Sendable {
    /// The member.
    public var memberID: String
    /// The role's id.
    public var roleID: String
    /// The space in which it holds; nil means the role's.
    public var spaceID: String?
    /// The id of the group that `group` and `group_tree` permissions are anchored at.
    public var scopeAnchorGroupID: String?

    /// Makes a grant.
    public init(memberID: String, roleID: String, spaceID: String? = nil, scopeAnchorGroupID: String? = nil) {
      self.memberID = memberID
      self.roleID = roleID
      self.spaceID = spaceID
      self.scopeAnchorGroupID = scopeAnchorGroupID
    }
  }

  /// A resource that managed mode finds by its type and id.
  public struct Resource: Sendable {
    /// The resource's id.
    public var id: String
    /// Its type.
    public var type: String
    /// Its id outside of the service; `""` if there is none.
    public var externalID: String
    /// The space it lies in.
    public var spaceID: String
    /// The group it lies in; `""` if in none.
    public var groupID: String
    /// The member who owns it; `""` if nobody does.
    public var ownerMemberID: String
    /// The name to show; `""` if there is none.
    public var displayName: String
    /// Who may see it, as the application means it; `""` if that is not said.
    public var visibility: String
    /// Its status, as decisions show it; they do not depend on it.
    public var status: String
    /// Anything else about it.
    public var metadata: JSONObject

    /// Makes a resource.
    public init(
      id: String, type: String, externalID: String = "", spaceID: String, groupID: String = "",
      ownerMemberID: String = "", displayName: String = "", visibility: String = "",
      status: String = "active", metadata: JSONObject = [:]
    ) {
      self.id = id
      self.type = type
      self.externalID = externalID
      self.spaceID = spaceID
      self.groupID = groupID
      self.ownerMemberID = ownerMemberID
      self.displayName = displayName
      self.visibility = visibility
      self.status = status
      self.metadata = metadata
    }
  }
}
