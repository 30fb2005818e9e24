import PlystraCore

// The routes about the session's own actor: they take an access token, whatever API key comes along.
extension Exchange {
  func actorContext(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let session = try state.session(of: request, now: now)
    let bindings = state.directory.usableBindings(of: session.userID, now: now)
    guard let active = Self.active(bindings, in: session) else {
      throw .activeMemberRequired("Session has no active Member binding.")
    }
    return KernelReply([
      "session_id": .string(session.id), "actor": active.actorAnswer,
      "available_members": .array(bindings.map(\.memberAnswer)),
      "expires_at": Self.wholeSeconds(session.tokens.accessExpiry),
    ])
  }

  func switchMember(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let session = try state.session(of: request, now: now)
    let body = try body()
    let memberID = body.text("member_id").nonEmpty
    let bindingID = body.text("user_member_id").nonEmpty
    guard memberID != nil || bindingID != nil else {
      throw .validation("member_id or user_member_id is required.")
    }
    let bindings = state.directory.usableBindings(of: session.userID, now: now)
    let chosen = bindings.first {
      $0.binding.memberID.isExactly(memberID ?? $0.binding.memberID)
        && $0.binding.id.isExactly(bindingID ?? $0.binding.id)
    }
    guard let chosen else {
      throw .activeMemberRequired("Requested Member binding is not active for this User.")
    }
    state.sessions.activate(bindingID: chosen.binding.id, in: session)
    return KernelReply([
      "actor": chosen.actorAnswer, "available_members": .array(bindings.map(\.memberAnswer)),
    ])
  }

  /// The binding through which a session acts: the one it remembers, or the first when that has ended.
  static func active(
    _ bindings: [Directory.UsableBinding], in session: Session
  ) -> Directory.UsableBinding? {
    bindings.first { $0.binding.id.isExactly(session.activeBindingID) } ?? bindings.first
  }
}
