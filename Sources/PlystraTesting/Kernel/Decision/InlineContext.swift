import PlystraCore

// What a request's own actor, resource and grants are, with every default (contract §4, steps 1 to 4). The request has
// been validated: what is required is there.

extension AuthorizationInput {
  /// The actor as the request describes it.
  var inlineActor: ActorSnapshot {
    let tuple = actorTuple
    return ActorSnapshot(
      userID: tuple.userID, userEmail: actor.userEmail ?? "", userStatus: status(actor.userStatus),
      member: KernelSeed.Member(
        id: tuple.memberID, spaceID: tuple.spaceID, displayName: actor.memberDisplayName,
        status: status(actor.memberStatus)),
      binding: KernelSeed.UserMember(
        id: tuple.bindingID, userID: tuple.userID, memberID: tuple.memberID, spaceID: tuple.spaceID,
        relationType: actor.relationType ?? "external", status: status(actor.bindingStatus),
        isPrimary: true),
      space: KernelSeed.Space(
        id: tuple.spaceID, name: actor.spaceName, status: status(actor.spaceStatus)))
  }

  private func status(_ text: String?) -> String { text?.nonBlank ?? "active" }

  /// The resource as the request describes it.
  var inlineTarget: Target {
    let spaceID = resource.spaceID ?? ""
    let id = resource.id ?? resource.externalID?.nonBlank ?? resourceID.trimmed()
    let group = KernelSeed.Group(
      id: resource.groupID ?? "", path: resource.groupPath ?? "", in: spaceID)
    return Target(
      resource: KernelSeed.Resource(
        id: id, type: resourceType, externalID: resource.externalID ?? id, spaceID: spaceID,
        groupID: group?.id ?? "", ownerMemberID: resource.ownerMemberID ?? "",
        displayName: resource.displayName ?? "", visibility: resource.visibility ?? "",
        status: resource.status ?? "active", metadata: resource.metadata ?? [:]),
      group: group)
  }

  /// The request's grants, all of them, in their order.
  var inlineGrants: [Candidate] { (request.grants ?? []).map(candidate) }

  private func candidate(of grant: Grant) -> Candidate {
    let resource = grant.resource?.nonBlank ?? resourceType.trimmed()
    let action = grant.action?.nonBlank ?? action.trimmed()
    let spaceID = grant.spaceID?.nonBlank ?? actorTuple.spaceID.trimmed()
    let roleKey = grant.roleKey ?? "inline"
    return Candidate(
      roleID: grant.roleID ?? "role_inline_\(roleKey.idToken)", roleKey: roleKey, roleSpaceID: spaceID,
      permission: KernelSeed.Permission(
        id: grant.permissionID
          ?? "perm_inline_\("\(resource)_\(action)_\(grant.scope.rawValue)".idToken)",
        resource: resource, action: action, scope: grant.scope),
      anchor: KernelSeed.Group(
        id: grant.scopeAnchorGroupID?.trimmed() ?? "", path: grant.scopeAnchorGroupPath?.trimmed() ?? "",
        in: spaceID),
      memberRoleSpaceID: spaceID)
  }
}

extension KernelSeed.Group {
  /// A group that a request names by id, path or both; nil if by neither.
  fileprivate init?(id: String, path: String, in spaceID: String) {
    guard !id.isEmpty || !path.isEmpty else { return nil }
    let path = path.nonEmpty ?? id
    self.init(id: id.nonEmpty ?? Self.syntheticID(path: path, in: spaceID), spaceID: spaceID, path: path)
  }

  private static func syntheticID(path: String, in spaceID: String) -> String {
    "group_inline_" + SHA1.hexadecimal(of: Array(spaceID.utf8) + [0] + Array(path.utf8), digits: 16)
  }
}
