import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AuthorizationInput {
  /// Whether the ids that the request gives, if any, are those of a binding.
  fileprivate func namesOnly(_ binding: KernelSeed.UserMember) -> Bool {
    let named = actorTuple
    let pairs = [
      (named.userID, binding.userID), (named.memberID, binding.memberID), (named.spaceID, binding.spaceID),
      (named.bindingID, binding.id),
    ]
    return pairs.allSatisfy { $0.isEmpty || $0.isExactly($1) }
  }
}

// Managed mode: actor, resource and grants come from the kernel's own data (contract §4).
extension KernelState {
  /// The actor of a session's request: one of the user's own active bindings, or the session's if none is named.
  func actorTuple(
    of session: Session, for input: AuthorizationInput, now: Date
  ) throws(KernelFailure) -> ActorTuple {
    let bindings = directory.usableBindings(of: session.userID, now: now)
    let chosen: Directory.UsableBinding
    if input.request.namesActor {
      guard let named = bindings.first(where: { input.namesOnly($0.binding) }) else {
        throw .activeMemberRequired("Requested actor is not active for this User.")
      }
      chosen = named
    } else {
      guard let active = Exchange.active(bindings, in: session) else {
        throw .activeMemberRequired("Session has no active Member binding.")
      }
      chosen = active
    }
    return ActorTuple(
      userID: chosen.binding.userID, memberID: chosen.binding.memberID, bindingID: chosen.binding.id,
      spaceID: chosen.binding.spaceID)
  }

  /// The stored actor of a tuple.
  func actor(_ tuple: ActorTuple) throws(KernelFailure) -> ActorSnapshot {
    guard let user = directory.users[ExactText(tuple.userID)],
      let binding = directory.userMembers[ExactText(tuple.bindingID)],
      binding.userID.isExactly(tuple.userID), binding.memberID.isExactly(tuple.memberID),
      binding.spaceID.isExactly(tuple.spaceID),
      let member = directory.members[ExactText(tuple.memberID)],
      let space = directory.spaces[ExactText(tuple.spaceID)]
    else { throw .checkFailed("load actor context: not found") }
    return ActorSnapshot(
      userID: user.id, userEmail: user.email, userStatus: user.status, member: member, binding: binding,
      space: space)
  }

  /// The stored resource that a request names.
  func storedTarget(_ input: AuthorizationInput) throws(KernelFailure) -> Target {
    guard let target = catalogue.target(type: input.resourceType, id: input.resourceID) else {
      throw .checkFailed("load target resource: not found")
    }
    return target
  }
}
