public import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// How the parts of a world are written where the place says what they belong to.

extension KernelSeed.ResourceType {
  /// A type and its actions.
  public init(_ key: String, _ actions: String...) { self.init(key: key, actions: actions) }
}

extension KernelSeed.APIKey {
  /// A key that reaches everywhere, or within a space that space alone; it may do everything unless said otherwise.
  public init(_ key: String, permissionKeys: [String] = ["*"]) {
    self.init(key: Secret(key), permissionKeys: permissionKeys)
  }
}

extension KernelSeed.User {
  /// Somebody with an e-mail address `ID@example.com` and the password `plystra-demo`, if not said otherwise.
  public init(
    _ id: String, email: String? = nil, password: String = "plystra-demo", status: String = "active",
    isSuperAdministrator: Bool = false
  ) {
    self.init(id: id, email: email ?? "\(id)@example.com", password: Secret(password), status: status)
    self.isSuperAdministrator = isSuperAdministrator
  }
}

extension KernelSeed.Space {
  /// A tenant and what is in it.
  public init(
    _ id: String, name: String? = nil, status: String = "active",
    @KernelSeed.PartBuilder<any KernelSeed.SpacePart> _ content: () -> [any KernelSeed.SpacePart] = {
      []
    }
  ) {
    self.init(id: id, name: name, status: status)
    parts = content()
  }
}

extension KernelSeed.Group {
  /// A group and what is in it; its path is that of the group around it and its own name, with a dot between.
  ///
  /// - Parameters:
  ///   - name: its name; a dot in it makes it a path of several steps.
  ///   - id: its id, by default `SPACE/PATH`.
  ///   - status: its status.
  ///   - content: what is in it.
  public init(
    _ name: String, id: String? = nil, status: String = "active",
    @KernelSeed.PartBuilder<any KernelSeed.GroupPart> _ content: () -> [any KernelSeed.GroupPart] = {
      []
    }
  ) {
    self.init(id: id ?? "", spaceID: "", path: name, status: status)
    parts = content()
  }
}

extension KernelSeed.Resource {
  /// A resource in the group or space around it.
  public init(
    _ type: String, _ id: String, ownedBy memberID: String = "", displayName: String = "",
    metadata: JSONObject = [:]
  ) {
    self.init(
      id: id, type: type, spaceID: "", ownerMemberID: memberID, displayName: displayName, metadata: metadata)
  }
}

extension KernelSeed.Permission {
  /// A permission for an action on a type of resource, as far as the scope reaches.
  public init(_ resource: String, _ action: String, _ scope: Scope) {
    self.init(resource: resource, action: action, scope: scope)
  }
}

extension KernelSeed.Role {
  /// A role of the space around it, and its permissions; its id is `SPACE/KEY` if not said otherwise.
  public init(
    _ key: String, id: String? = nil,
    @KernelSeed.PartBuilder<KernelSeed.Permission> _ permissions: () -> [KernelSeed.Permission]
  ) {
    self.init(id: id ?? "", key: key, spaceID: "", permissions: permissions())
  }
}

extension KernelSeed.Member {
  /// A member of the space around it, who acts as it, and what it was granted.
  public init(
    _ id: String, displayName: String? = nil, status: String = "active",
    @KernelSeed.PartBuilder<any KernelSeed.MemberPart> _ content: () -> [any KernelSeed.MemberPart] = {
      []
    }
  ) {
    self.init(id: id, spaceID: "", displayName: displayName, status: status)
    parts = content()
  }
}

extension KernelSeed.UserMember {
  /// Lets a user act as the member around it; the binding's id is `USER@MEMBER` if not said otherwise.
  public init(
    _ userID: String, id: String? = nil, relationType: String = "login", status: String = "active",
    isPrimary: Bool = true, expiresAt: Date? = nil
  ) {
    self.init(
      id: id ?? "", userID: userID, memberID: "", spaceID: "", relationType: relationType, status: status,
      isPrimary: isPrimary, expiresAt: expiresAt)
  }
}

extension KernelSeed.Grant {
  /// Grants a role to the member around it.
  ///
  /// - Parameters:
  ///   - role: the key or id of a role of the member's space.
  ///   - group: the path or id of the group of that space which `group` and `group_tree` permissions are anchored at.
  public init(_ role: String, at group: String? = nil) {
    self.init(memberID: "", roleID: role, scopeAnchorGroupID: group)
  }
}
