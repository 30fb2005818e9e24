import PlystraCore

/// Finds what entries of a seed file name by id, key or path.
struct SeedNames {
  private let roles: [KernelSeed.Role]
  private let groups: [KernelSeed.Group]

  init(_ seed: KernelSeed) {
    roles = seed.roles
    groups = seed.groups
  }

  /// The role of an id or, in its place, a key.
  func role(
    id: SeedNode?, key: SeedNode?, of entry: SeedObject
  ) throws(KernelSeedError) -> KernelSeed.Role {
    guard let node = id ?? key else {
      throw KernelSeedError(
        path: entry.node.child("role_id"), reason: "is required, or role_key in its place")
    }
    let name = try node.text()
    let role = roles.first { id == nil ? $0.key.isExactly(name) : $0.id.isExactly(name) }
    guard let role else { throw node.fault("there is no role \"\(name)\"") }
    return role
  }

  /// The id of the group of an id or, in its place, a path within a space; nil if neither is given.
  func groupID(id: SeedNode?, path: SeedNode?, in spaceID: String) throws(KernelSeedError) -> String? {
    guard let node = id ?? path else { return nil }
    let name = try node.text()
    let group = groups.first {
      id == nil ? $0.path.isExactly(name) && $0.spaceID.isExactly(spaceID) : $0.id.isExactly(name)
    }
    guard let group else { throw node.fault("there is no group \"\(name)\"") }
    return group.id
  }
}

/// Refuses entries that repeat an id, or bind together what is not there.
struct SeedCheck {
  /// Whether a list is checked: of a seed file only what it says itself, since demo data may name what it took away.
  let covers: (_ list: String) -> Bool

  func check(_ seed: KernelSeed) throws(KernelSeedError) {
    let keys = seed.apiKeys.map { $0.key.withExposedValue { $0 } }
    try refuseRepeated("api_keys", ".key", keys, isSecret: true)
    try refuseRepeated("users", ".id", seed.users.map(\.id))
    try refuseRepeated("users", ".email", seed.users.map { $0.email.trimmed().simplyLowercased() })
    try refuseRepeated("spaces", ".id", seed.spaces.map(\.id))
    try refuseRepeated("groups", ".id", seed.groups.map(\.id))
    try refuseRepeated("members", ".id", seed.members.map(\.id))
    try refuseRepeated("user_members", ".id", seed.userMembers.map(\.id))
    try refuseRepeated("roles", ".id", seed.roles.map(\.id))
    try refuseRepeated("resources", ".id", seed.resources.map { "\($0.type)/\($0.id)" })

    let users = Set(seed.users.map { ExactText($0.id) })
    let members = Set(seed.members.map { ExactText($0.id) })
    let spaces = Set(seed.spaces.map { ExactText($0.id) })
    try require("user_members", ".user_id", seed.userMembers.map(\.userID), in: users, "user")
    try require("user_members", ".member_id", seed.userMembers.map(\.memberID), in: members, "member")
    try require("user_members", ".space_id", seed.userMembers.map(\.spaceID), in: spaces, "space")
    try require("grants", ".member_id", seed.grants.map(\.memberID), in: members, "member")
    try require("super_administrators", "", seed.superAdministrators, in: users, "user")
  }

  /// Checks besides what a seed file may leave open: in which space things lie, and what grants and resources name.
  func checkPlaces(_ seed: KernelSeed) throws(KernelSeedError) {
    let spaces = Set(seed.spaces.map { ExactText($0.id) })
    let groups = Set(seed.groups.map { ExactText($0.id) })
    let roles = Set(seed.roles.map { ExactText($0.id) })
    try require("groups", ".space_id", seed.groups.map(\.spaceID), in: spaces, "space")
    try require("members", ".space_id", seed.members.map(\.spaceID), in: spaces, "space")
    try require("roles", ".space_id", seed.roles.map(\.spaceID), in: spaces, "space")
    try require("resources", ".space_id", seed.resources.map(\.spaceID), in: spaces, "space")
    try require(
      "resources", ".group_id", seed.resources.map(\.groupID), in: groups.union([ExactText("")]), "group")
    try require("grants", ".role_id", seed.grants.map(\.roleID), in: roles, "role")
    try require(
      "grants", ".scope_anchor_group_id", seed.grants.map { $0.scopeAnchorGroupID ?? "" },
      in: groups.union([ExactText("")]), "group")
  }

  private func refuseRepeated(
    _ list: String, _ field: String, _ names: [String], isSecret: Bool = false
  ) throws(KernelSeedError) {
    guard covers(list) else { return }
    var seen: [ExactText: Int] = [:]
    for (index, name) in names.enumerated() {
      if let first = seen[ExactText(name)] {
        let what = isSecret ? "the same" : "\"\(name)\""
        throw KernelSeedError(path: "\(list)[\(index)]\(field)", reason: "\(what) as in \(list)[\(first)]")
      }
      seen[ExactText(name)] = index
    }
  }

  private func require(
    _ list: String, _ field: String, _ names: [String], in known: Set<ExactText>, _ what: String
  ) throws(KernelSeedError) {
    guard covers(list) else { return }
    for (index, name) in names.enumerated() where !known.contains(ExactText(name)) {
      throw KernelSeedError(path: "\(list)[\(index)]\(field)", reason: "there is no \(what) \"\(name)\"")
    }
  }
}

extension KernelSeed {
  /// Checks that no id stands twice, and that whatever is named is there.
  ///
  /// A kernel takes any seed: of equal ids the first counts, and what names nothing has no effect. Call this where a
  /// misspelt name is to be noticed; the builder does.
  ///
  /// - Throws: ``KernelSeedError``, which names list, index and field of what is wrong.
  public func validate() throws(KernelSeedError) {
    let check = SeedCheck(covers: { _ in true })
    try check.check(self)
    try check.checkPlaces(self)
  }
}
