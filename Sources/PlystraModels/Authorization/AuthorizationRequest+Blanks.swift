extension AuthorizationRequest {
  /// Finds a blank text that the service would take for an absent one, and fill in with a default.
  func refuseBlanks() throws(InvalidAuthorizationRequest) {
    try refuse(blank: action, "action")
    try refuse(blank: resourceType, "resource_type")
    try refuse(blank: resourceID, "resource_id")
    try actor?.refuseBlanks()
    try resource?.refuseBlanks()
    if let grants {
      for index in grants.indices { try grants[index].refuseBlanks(at: index) }
    }
  }
}

extension ActorContext {
  fileprivate func refuseBlanks() throws(InvalidAuthorizationRequest) {
    try refuse(blank: userID, "actor.user_id")
    try refuse(blank: memberID, "actor.member_id")
    try refuse(blank: spaceID, "actor.space_id")
    try refuse(blank: bindingID, "actor.binding_id")
    try refuse(blank: userMemberID, "actor.user_member_id")
    try refuse(blank: userStatus, "actor.user_status")
    try refuse(blank: memberStatus, "actor.member_status")
    try refuse(blank: bindingStatus, "actor.binding_status")
    try refuse(blank: relationType, "actor.relation_type")
    try refuse(blank: spaceStatus, "actor.space_status")
  }
}

extension ResourceContext {
  fileprivate func refuseBlanks() throws(InvalidAuthorizationRequest) {
    try refuse(blank: type, "resource.type")
    try refuse(blank: id, "resource.id")
    try refuse(blank: externalID, "resource.external_id")
    try refuse(blank: spaceID, "resource.space_id")
    try refuse(blank: groupID, "resource.group_id")
    try refuse(blank: groupPath, "resource.group_path")
    try refuse(blank: status, "resource.status")
  }
}

extension Grant {
  fileprivate func refuseBlanks(at index: Int) throws(InvalidAuthorizationRequest) {
    try refuse(blank: scope.rawValue, "grants[\(index)].scope")
    try refuse(blank: resource, "grants[\(index)].resource")
    try refuse(blank: action, "grants[\(index)].action")
    try refuse(blank: spaceID, "grants[\(index)].space_id")
    try refuse(blank: roleKey, "grants[\(index)].role_key")
    try refuse(blank: roleID, "grants[\(index)].role_id")
    try refuse(blank: permissionID, "grants[\(index)].permission_id")
    try refuse(blank: scopeAnchorGroupID, "grants[\(index)].scope_anchor_group_id")
    try refuse(blank: scopeAnchorGroupPath, "grants[\(index)].scope_anchor_group_path")
  }
}

private func refuse(
  blank text: String?, _ path: @autoclosure () -> String
) throws(InvalidAuthorizationRequest) {
  guard let text, text.isWhiteSpaceOnly else { return }
  throw InvalidAuthorizationRequest(path(), "it is blank; give a value, or nil where it may be absent")
}
