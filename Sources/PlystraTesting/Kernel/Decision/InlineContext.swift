import PlystraCore

// How a request's own actor, resource and grants are read: what is refused, and what each field defaults to
// (contract §4, steps 1 to 4).

extension AuthorizationInput {
  /// The actor as the request describes it.
  func inlineActor() throws(KernelFailure) -> ActorSnapshot {
    let tuple = try actorTuple()
    return ActorSnapshot(
      userID: tuple.userID, userEmail: actor.text("user_email"), userStatus: status("user_status"),
      member: KernelSeed.Member(
        id: tuple.memberID, spaceID: tuple.spaceID,
        displayName: actor.text("member_display_name").nonEmpty, status: status("member_status")),
      binding: KernelSeed.UserMember(
        id: tuple.bindingID, userID: tuple.userID, memberID: tuple.memberID, spaceID: tuple.spaceID,
        relationType: actor.text("relation_type").nonEmpty ?? "external",
        status: status("binding_status"), isPrimary: true),
      space: KernelSeed.Space(
        id: tuple.spaceID, name: actor.text("space_name").nonEmpty, status: status("space_status")))
  }

  private func status(_ field: String) -> String { actor.text(field).nonBlank ?? "active" }

  /// The resource as the request describes it.
  func inlineTarget() throws(KernelFailure) -> Target {
    guard hasInlineResource else {
      throw .authorizationRequest("resource: more than type and id is required in Context Mode")
    }
    guard !resourceType.isEmpty else { throw .authorizationRequest("resource: type is required") }
    guard (resource.text("type").nonEmpty ?? resourceType).isExactly(resourceType) else {
      throw .authorizationRequest("resource.type: differs from resource_type")
    }
    let spaceID = resource.text("space_id")
    guard !spaceID.isEmpty else { throw .authorizationRequest("resource: space_id is required") }
    let externalID = resource.text("external_id").nonEmpty
    guard let id = resource.text("id").nonEmpty ?? externalID?.nonBlank ?? resourceID.nonBlank else {
      throw .authorizationRequest("resource: id or external_id is required")
    }
    let group = KernelSeed.Group(
      id: resource.text("group_id"), path: resource.text("group_path"), in: spaceID)
    return Target(
      resource: KernelSeed.Resource(
        id: id, type: resourceType, externalID: externalID ?? id, spaceID: spaceID,
        groupID: group?.id ?? "", ownerMemberID: resource.text("owner_member_id"),
        displayName: resource.text("display_name"), visibility: resource.text("visibility"),
        status: resource.text("status").nonEmpty ?? "active",
        metadata: resource["metadata"]?.objectValue ?? [:]),
      group: group)
  }

  /// The request's grants, all of them, in their order.
  func inlineGrants(of actor: ActorSnapshot) throws(KernelFailure) -> [Candidate] {
    var candidates: [Candidate] = []
    candidates.reserveCapacity(grants.count)
    for (index, grant) in grants.enumerated() {
      candidates.append(try candidate(of: grant, at: "grants[\(index)]", actor: actor))
    }
    return candidates
  }

  private func candidate(
    of grant: JSONObject, at path: String, actor: ActorSnapshot
  ) throws(KernelFailure) -> Candidate {
    let resource = grant.text("resource").nonBlank ?? resourceType.trimmed()
    let action = grant.text("action").nonBlank ?? action.trimmed()
    let spaceID = grant.text("space_id").nonBlank ?? actor.space.id.trimmed()
    let scope = grant.text("scope")
    guard !resource.isEmpty, !action.isEmpty, !spaceID.isEmpty, !scope.isEmpty else {
      throw .authorizationRequest("\(path): resource, action, scope and space_id are required")
    }
    guard Self.scopes.contains(scope) else {
      throw .authorizationRequest(
        "\(path).scope: unknown; expected one of \(Self.scopes.joined(separator: ", "))")
    }
    let roleKey = grant.text("role_key").nonEmpty ?? "inline"
    return Candidate(
      roleID: grant.text("role_id").nonEmpty ?? "role_inline_\(roleKey.idToken)", roleKey: roleKey,
      roleSpaceID: spaceID,
      permission: KernelSeed.Permission(
        id: grant.text("permission_id").nonEmpty
          ?? "perm_inline_\("\(resource)_\(action)_\(scope)".idToken)",
        resource: resource, action: action, scope: Scope(rawValue: scope)),
      anchor: KernelSeed.Group(
        id: grant.text("scope_anchor_group_id").trimmed(),
        path: grant.text("scope_anchor_group_path").trimmed(), in: spaceID),
      memberRoleSpaceID: spaceID)
  }

  private static let scopes = ["self", "group", "group_tree", "space", "global"]
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
