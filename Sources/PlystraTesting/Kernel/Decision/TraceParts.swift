import PlystraCore

// How the parts of a trace are written (contract §4): the order of the keys is the service's.

extension ActorSnapshot {
  var answer: JSONValue {
    [
      "user": ["id": .string(userID), "email": .string(userEmail), "status": .string(userStatus)],
      "member": [
        "id": .string(member.id), "space_id": .string(member.spaceID),
        "display_name": .string(member.displayName), "status": .string(member.status),
      ],
      "user_member": [
        "id": .string(binding.id), "user_id": .string(binding.userID),
        "member_id": .string(binding.memberID), "space_id": .string(binding.spaceID),
        "relation_type": .string(binding.relationType), "status": .string(binding.status),
        "is_primary": .bool(binding.isPrimary),
        "expires_at": binding.expiresAt.map { .string(Timestamp.text(of: $0)) } ?? .null,
      ],
      "space": space.answer,
    ]
  }
}

extension KernelSeed.Space {
  var answer: JSONValue { ["id": .string(id), "name": .string(name), "status": .string(status)] }
}

extension KernelSeed.Group {
  var answer: JSONValue {
    [
      "id": .string(id), "space_id": .string(spaceID), "path": .string(path), "status": .string(status),
    ]
  }
}

extension Target {
  /// What stands where no target was looked up.
  static let emptyAnswer: JSONValue = [
    "resource": ["id": "", "type": "", "space_id": "", "group_id": "", "owner_member_id": ""],
    "group": nil,
  ]

  var answer: JSONValue {
    var fields: JSONObject = ["id": .string(resource.id)]
    func addUnlessEmpty(_ key: String, _ value: String) {
      if !value.isEmpty { fields[key] = .string(value) }
    }
    addUnlessEmpty("external_id", resource.externalID)
    fields["type"] = .string(resource.type)
    fields["space_id"] = .string(resource.spaceID)
    fields["group_id"] = .string(resource.groupID)
    addUnlessEmpty("group_path", group?.path ?? "")
    fields["owner_member_id"] = .string(resource.ownerMemberID)
    addUnlessEmpty("display_name", resource.displayName)
    addUnlessEmpty("visibility", resource.visibility)
    addUnlessEmpty("status", resource.status)
    if !resource.metadata.isEmpty { fields["metadata"] = JSONValue.object(resource.metadata).withSortedKeys }
    return ["resource": .object(fields), "group": group?.answer ?? .null]
  }
}

extension Candidate {
  func answer(check: ScopeCheck) -> JSONValue {
    [
      "role": ["id": .string(roleID), "key": .string(roleKey), "space_id": .string(roleSpaceID)],
      "permission": [
        "id": .string(permission.id), "resource": .string(permission.resource),
        "action": .string(permission.action), "scope": .string(permission.scope.rawValue),
      ],
      "scope_anchor": anchor?.answer ?? .null, "scope_check": check.answer,
      "member_role_space_id": .string(memberRoleSpaceID),
    ]
  }
}

extension ScopeCheck {
  fileprivate var answer: JSONValue {
    var fields: JSONObject = [
      "covered": .bool(isCovered), "rule": .string(rule), "reason": .string(reason),
    ]
    if let denyCode { fields["deny_code"] = .string(denyCode) }
    return .object(fields)
  }
}

extension JSONValue {
  /// The value with the keys of every object within in the order of their bytes, as the service writes what it
  /// keeps without looking inside.
  fileprivate var withSortedKeys: JSONValue {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.sorted { $0.key.precedesExactly($1.key) }.map { ($0.key, $0.value.withSortedKeys) }))
    case .array(let elements): .array(elements.map(\.withSortedKeys))
    default: self
    }
  }
}
