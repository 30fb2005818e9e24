extension AuthorizationRequest {
  /// The first field of a decision's audit record that is about another question than this one; nil if none is.
  ///
  /// Several calls may share a request id, so the id alone does not show that a decision belongs to a request. What
  /// either side leaves out is not compared.
  package func mismatch(in decision: Decision) -> String? {
    guard let audit = decision.audit else { return nil }
    return mismatch(in: audit)
  }

  private func mismatch(in audit: DecisionAudit) -> String? {
    if differs(audit.actorUserID, actor?.userID) { return "actor_user_id" }
    if differs(audit.actorMemberID, actor?.memberID) { return "actor_member_id" }
    if differs(audit.actorUserMemberID, actor?.anyBindingID) { return "actor_user_member_id" }
    if differs(audit.spaceID, actor?.spaceID) { return "space_id" }
    let type = resourceType.unlessEmpty ?? (resource?.type).unlessEmpty
    if differs(audit.resourceType, type) { return "resource_type" }
    let ids = [resourceID, resource?.id, resource?.externalID].compactMap(\.unlessEmpty)
    if let id = audit.resourceID.unlessEmpty, !ids.isEmpty, !ids.contains(where: id.hasSameBytes) {
      return "resource_id"
    }
    return isAbout(audit.action, type: type) ? nil : "action"
  }

  /// Whether an audit record's action, which is `type.action`, is the one that was asked for.
  private func isAbout(_ audited: String?, type: String?) -> Bool {
    guard let audited = audited.unlessEmpty, !audited.hasSameBytes(as: action) else { return true }
    if let type { return audited.hasSameBytes(as: "\(type).\(action)") }
    return audited.utf8.reversed().starts(with: ".\(action)".utf8.reversed())
  }
}

private func differs(_ audited: String?, _ asked: String?) -> Bool {
  guard let audited = audited.unlessEmpty, let asked = asked.unlessEmpty else { return false }
  return !audited.hasSameBytes(as: asked)
}
