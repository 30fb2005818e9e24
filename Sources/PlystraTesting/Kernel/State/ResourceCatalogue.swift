import PlystraCore

/// Stored resources and groups, and what each member was granted.
struct ResourceCatalogue: Sendable {
  private let groups: [ExactText: KernelSeed.Group]
  private var resources: [ResourceKey: KernelSeed.Resource] = [:]
  /// By member, in the order in which candidates are judged.
  private var candidatesByMember: [ExactText: [Candidate]] = [:]

  private struct ResourceKey: Hashable {
    let type: ExactText
    let id: ExactText
  }

  init(_ seed: KernelSeed) {
    groups = Dictionary(firstOf: seed.groups, by: \.id)
    for resource in seed.resources {
      let key = ResourceKey(type: ExactText(resource.type), id: ExactText(resource.id))
      if resources[key] == nil { resources[key] = resource }
    }
    let roles = Dictionary(firstOf: seed.roles, by: \.id)
    for grant in seed.grants {
      guard let role = roles[ExactText(grant.roleID)] else { continue }
      let anchor = grant.scopeAnchorGroupID.flatMap { groups[ExactText($0)] }
      candidatesByMember[ExactText(grant.memberID), default: []] += role.permissions.map { permission in
        Candidate(
          roleID: role.id, roleKey: role.key, roleSpaceID: role.spaceID, permission: permission,
          anchor: anchor, memberRoleSpaceID: grant.spaceID ?? role.spaceID)
      }
    }
    candidatesByMember = candidatesByMember.mapValues { $0.sorted(by: Candidate.isJudgedBefore) }
  }

  /// The keys of the roles that a member holds.
  func roles(of memberID: String) -> Set<ExactText> {
    Set((candidatesByMember[ExactText(memberID)] ?? []).map { ExactText($0.roleKey) })
  }

  /// Takes away what a member was granted by a role of this id or key; false if that is nothing.
  mutating func removeGrants(of role: String, to memberID: String) -> Bool {
    let held = candidatesByMember[ExactText(memberID)] ?? []
    let kept = held.filter { !$0.roleID.isExactly(role) && !$0.roleKey.isExactly(role) }
    candidatesByMember[ExactText(memberID)] = kept
    return kept.count < held.count
  }

  /// The stored resource of a type and id as a target, with the group it lies in.
  func target(type: String, id: String) -> Target? {
    guard let resource = resources[ResourceKey(type: ExactText(type), id: ExactText(id))] else { return nil }
    return Target(resource: resource, group: groups[ExactText(resource.groupID)])
  }

  /// The grants of a member that are about a type and an action.
  func candidates(memberID: String, type: String, action: String) -> [Candidate] {
    (candidatesByMember[ExactText(memberID)] ?? []).filter {
      $0.permission.resource.isExactly(type) && $0.permission.action.isExactly(action)
    }
  }
}

extension Candidate {
  /// Stored candidates are judged by role key, then by type, action and scope.
  fileprivate static func isJudgedBefore(_ left: Candidate, _ right: Candidate) -> Bool {
    let pairs = [
      (left.roleKey, right.roleKey), (left.permission.resource, right.permission.resource),
      (left.permission.action, right.permission.action),
      (left.permission.scope.rawValue, right.permission.scope.rawValue),
    ]
    guard let differing = pairs.first(where: { !$0.isExactly($1) }) else { return false }
    return differing.0.precedesExactly(differing.1)
  }
}
