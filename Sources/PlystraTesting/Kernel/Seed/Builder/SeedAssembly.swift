import PlystraCore

/// Takes a world's parts apart into the lists of a seed, and gives each what follows from its place.
struct SeedAssembly {
  private var seed = KernelSeed()
  /// Grants that name their role and anchor as the builder lets them, with where they stand.
  private var grants: [(grant: KernelSeed.Grant, spaceID: String)] = []

  /// The seed, once every name has been found.
  consuming func finished() throws(KernelSeedError) -> KernelSeed {
    var seed = seed
    for (grant, spaceID) in grants { seed.grants.append(try Self.resolved(grant, spaceID, in: seed)) }
    try seed.validate()
    return seed
  }

  // MARK: Places

  mutating func add(_ part: any KernelSeed.WorldPart) throws(KernelSeedError) {
    switch part {
    case let other as KernelSeed: merge(other)
    case let registration as KernelSeed.Registration: seed.registration = registration
    case let type as KernelSeed.ResourceType: seed.resourceTypes.append(type)
    case let key as KernelSeed.APIKey: seed.apiKeys.append(key)
    case let user as KernelSeed.User:
      seed.users.append(user)
      if user.isSuperAdministrator { seed.superAdministrators.append(user.id) }
    case var space as KernelSeed.Space:
      let parts = space.parts
      space.parts = []
      seed.spaces.append(space)
      for part in parts { try add(part, toSpace: space.id) }
    case let group as KernelSeed.Group: try add(placed(group, "Group", group.spaceID))
    case let resource as KernelSeed.Resource:
      seed.resources.append(try placed(resource, "Resource", resource.spaceID))
    case let role as KernelSeed.Role: seed.roles.append(try placed(role, "Role", role.spaceID))
    case let member as KernelSeed.Member: try add(placed(member, "Member", member.spaceID))
    case let binding as KernelSeed.UserMember:
      seed.userMembers.append(try placed(binding, "UserMember", binding.memberID))
    case let grant as KernelSeed.Grant: seed.grants.append(try placed(grant, "Grant", grant.memberID))
    default: throw Self.unknown(part)
    }
  }

  private mutating func add(_ part: any KernelSeed.SpacePart, toSpace spaceID: String) throws(KernelSeedError)
  {
    switch part {
    case var key as KernelSeed.APIKey:
      key.level = .space(spaceID)
      seed.apiKeys.append(key)
    case let group as KernelSeed.Group: try add(group, within: "", of: spaceID)
    case var resource as KernelSeed.Resource:
      resource.spaceID = spaceID
      seed.resources.append(resource)
    case var role as KernelSeed.Role:
      role.spaceID = spaceID
      if role.id.isEmpty { role.id = "\(spaceID)/\(role.key)" }
      seed.roles.append(role)
    case var member as KernelSeed.Member:
      member.spaceID = spaceID
      try add(member)
    default: throw Self.unknown(part)
    }
  }

  private mutating func add(_ member: KernelSeed.Member) throws(KernelSeedError) {
    var member = member
    let parts = member.parts
    member.parts = []
    seed.members.append(member)
    for part in parts {
      switch part {
      case var binding as KernelSeed.UserMember:
        binding.memberID = member.id
        binding.spaceID = member.spaceID
        if binding.id.isEmpty { binding.id = "\(binding.userID)@\(member.id)" }
        seed.userMembers.append(binding)
      case var grant as KernelSeed.Grant:
        grant.memberID = member.id
        grants.append((grant, member.spaceID))
      default: throw Self.unknown(part)
      }
    }
  }

  private mutating func add(
    _ group: KernelSeed.Group, within path: String, of spaceID: String
  ) throws(KernelSeedError) {
    var group = group
    group.spaceID = spaceID
    group.path = path.isEmpty ? group.path : "\(path).\(group.path)"
    if group.id.isEmpty { group.id = "\(spaceID)/\(group.path)" }
    try add(group)
  }

  private mutating func add(_ group: KernelSeed.Group) throws(KernelSeedError) {
    var group = group
    let parts = group.parts
    group.parts = []
    seed.groups.append(group)
    for part in parts {
      switch part {
      case let inner as KernelSeed.Group: try add(inner, within: group.path, of: group.spaceID)
      case var resource as KernelSeed.Resource:
        resource.spaceID = group.spaceID
        resource.groupID = group.id
        seed.resources.append(resource)
      default: throw Self.unknown(part)
      }
    }
  }

  private mutating func merge(_ other: KernelSeed) {
    seed.resourceTypes += other.resourceTypes
    seed.apiKeys += other.apiKeys
    seed.users += other.users
    seed.superAdministrators += other.superAdministrators
    seed.spaces += other.spaces
    seed.groups += other.groups
    seed.members += other.members
    seed.userMembers += other.userMembers
    seed.roles += other.roles
    seed.grants += other.grants
    seed.resources += other.resources
    if other.registration == .open { seed.registration = .open }
  }

  // MARK: Names

  private static func resolved(
    _ grant: KernelSeed.Grant, _ spaceID: String, in seed: KernelSeed
  ) throws(KernelSeedError) -> KernelSeed.Grant {
    var grant = grant
    let place = "members[\(grant.memberID)].grants[\(grant.roleID)]"
    let roles = seed.roles.filter { $0.spaceID.isExactly(spaceID) }
    guard let role = roles.first(where: { $0.key.isExactly(grant.roleID) || $0.id.isExactly(grant.roleID) })
    else {
      throw KernelSeedError(
        path: place,
        reason: "there is no role \"\(grant.roleID)\" in the space \(spaceID)" + known(roles.map(\.key)))
    }
    grant.roleID = role.id
    guard let anchor = grant.scopeAnchorGroupID else { return grant }
    let groups = seed.groups.filter { $0.spaceID.isExactly(spaceID) }
    guard let group = groups.first(where: { $0.path.isExactly(anchor) || $0.id.isExactly(anchor) }) else {
      throw KernelSeedError(
        path: place,
        reason: "there is no group \"\(anchor)\" in the space \(spaceID)" + known(groups.map(\.path)))
    }
    grant.scopeAnchorGroupID = group.id
    return grant
  }

  private static func known(_ names: [String]) -> String {
    names.isEmpty ? "" : "; known: \(names.joined(separator: ", "))"
  }

  /// The part, which says by itself what it belongs to.
  private func placed<Part>(_ part: Part, _ kind: String, _ owner: String) throws(KernelSeedError) -> Part {
    guard owner.isEmpty else { return part }
    let place = ["UserMember", "Grant"].contains(kind) ? "Member" : "Space"
    throw KernelSeedError(
      path: "", reason: "a \(kind) stands outside of any \(place); put it into one, or give its ids in full")
  }

  private static func unknown(_ part: Any) -> KernelSeedError {
    KernelSeedError(path: "", reason: "a world has no part of the type \(type(of: part))")
  }
}
