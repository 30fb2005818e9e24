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
    // The two names of the binding; the first wins if both are given (contract §3).
    if differs(audit.actorUserMemberID, said(actor?.userMemberID) ?? actor?.bindingID) {
      return "actor_user_member_id"
    }
    if differs(audit.spaceID, actor?.spaceID) { return "space_id" }
    let type = said(resourceType) ?? said(resource?.type)
    if differs(audit.resourceType, type) { return "resource_type" }
    let ids = [resourceID, resource?.id, resource?.externalID].compactMap(said)
    if let id = said(audit.resourceID), !ids.isEmpty, !ids.contains(where: { isSame($0, id) }) {
      return "resource_id"
    }
    return isAbout(audit.action, type: type) ? nil : "action"
  }

  /// Whether an audit record's action, which is `type.action`, is the one that was asked for.
  private func isAbout(_ audited: String?, type: String?) -> Bool {
    guard let audited = said(audited) else { return true }
    let (asked, audit) = (action.utf8, audited.utf8)
    guard audit.count > asked.count else { return isSame(audited, action) }
    let prefix = audit.dropLast(asked.count)
    guard audit.dropFirst(prefix.count).elementsEqual(asked), prefix.last == UInt8(ascii: ".") else {
      return false
    }
    return type.map { prefix.dropLast().elementsEqual($0.utf8) } ?? true
  }

  private func differs(_ audited: String?, _ asked: String?) -> Bool {
    guard let audited = said(audited), let asked = said(asked) else { return false }
    return !isSame(audited, asked)
  }

  /// A text, or nil where it is blank, which means absent.
  private func said(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

  /// Byte by byte: `==` takes texts for equal that Unicode only calls equivalent.
  private func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}
