import PlystraCore

// How each entry of a seed file is written: the names are those of the wire.
extension KernelSeed {
  static func user(_ node: SeedNode) throws(KernelSeedError) -> User {
    let entry = try node.object("id", "email", "password", "status")
    return User(
      id: try entry.text("id"), email: try entry.text("email"),
      password: Secret(try entry.text("password")), status: try entry.text("status", default: "active"))
  }

  static func space(_ node: SeedNode) throws(KernelSeedError) -> Space {
    let entry = try node.object("id", "name", "status")
    return Space(
      id: try entry.text("id"), name: try entry.optionalText("name"),
      status: try entry.text("status", default: "active"))
  }

  static func group(_ node: SeedNode) throws(KernelSeedError) -> Group {
    let entry = try node.object("id", "space_id", "path", "status")
    return Group(
      id: try entry.text("id"), spaceID: try entry.text("space_id"), path: try entry.text("path"),
      status: try entry.text("status", default: "active"))
  }

  static func member(_ node: SeedNode) throws(KernelSeedError) -> Member {
    let entry = try node.object("id", "space_id", "display_name", "status")
    return Member(
      id: try entry.text("id"), spaceID: try entry.text("space_id"),
      displayName: try entry.optionalText("display_name"),
      status: try entry.text("status", default: "active"))
  }

  static func userMember(_ node: SeedNode) throws(KernelSeedError) -> UserMember {
    let entry = try node.object(
      "id", "user_id", "member_id", "space_id", "relation_type", "status", "is_primary", "expires_at")
    return UserMember(
      id: try entry.text("id"), userID: try entry.text("user_id"),
      memberID: try entry.text("member_id"), spaceID: try entry.text("space_id"),
      relationType: try entry.text("relation_type", default: "login"),
      status: try entry.text("status", default: "active"),
      isPrimary: try entry.optional("is_primary")?.boolean() ?? false,
      expiresAt: try entry.optional("expires_at").flatMap { (node) throws(KernelSeedError) in
        node.value.isNull ? nil : try node.timestamp()
      })
  }

  static func role(_ node: SeedNode) throws(KernelSeedError) -> Role {
    let entry = try node.object("id", "key", "space_id", "permissions")
    var permissions: [Permission] = []
    for element in try entry.required("permissions").elements() {
      permissions.append(try permission(element))
    }
    let id = try entry.text("id")
    return Role(
      id: id, key: try entry.text("key", default: id), spaceID: try entry.text("space_id"),
      permissions: permissions)
  }

  private static func permission(_ node: SeedNode) throws(KernelSeedError) -> Permission {
    let entry = try node.object("id", "resource", "action", "scope")
    let scope = try entry.required("scope")
    let known: [Scope] = [.selfOnly, .group, .groupTree, .space, .global]
    guard let value = known.first(where: { scope.value == .string($0.rawValue) }) else {
      throw scope.fault("expected \"self\", \"group\", \"group_tree\", \"space\" or \"global\"")
    }
    return Permission(
      id: try entry.optionalText("id"), resource: try entry.text("resource"),
      action: try entry.text("action"), scope: value)
  }

  static func grant(_ node: SeedNode, _ names: SeedNames) throws(KernelSeedError) -> Grant {
    let entry = try node.object(
      "member_id", "role_id", "role_key", "space_id", "scope_anchor_group_id", "scope_anchor_group_path")
    let role = try names.role(id: entry.optional("role_id"), key: entry.optional("role_key"), of: entry)
    let spaceID = try entry.optionalText("space_id")
    return Grant(
      memberID: try entry.text("member_id"), roleID: role.id, spaceID: spaceID,
      scopeAnchorGroupID: try names.groupID(
        id: entry.optional("scope_anchor_group_id"), path: entry.optional("scope_anchor_group_path"),
        in: spaceID ?? role.spaceID))
  }

  static func resource(_ node: SeedNode, _ names: SeedNames) throws(KernelSeedError) -> Resource {
    let entry = try node.object(
      "id", "type", "external_id", "space_id", "group_id", "group_path", "owner_member_id",
      "display_name", "visibility", "status", "metadata")
    let spaceID = try entry.text("space_id")
    let groupID = try names.groupID(
      id: entry.optional("group_id"), path: entry.optional("group_path"), in: spaceID)
    return Resource(
      id: try entry.text("id"), type: try entry.text("type"),
      externalID: try entry.text("external_id", default: ""), spaceID: spaceID, groupID: groupID ?? "",
      ownerMemberID: try entry.text("owner_member_id", default: ""),
      displayName: try entry.text("display_name", default: ""),
      visibility: try entry.text("visibility", default: ""),
      status: try entry.text("status", default: "active"),
      metadata: try entry.optional("metadata").map { (node) throws(KernelSeedError) in
        JSONObject(try node.members().map { ($0.key, $0.node.value) })
      } ?? [:])
  }
}
