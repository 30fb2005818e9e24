import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The answer to a question: the first of the contract's conditions that applies (§4, step 5).
struct Judgement: Sendable {
  /// Why not; nil means yes.
  let denyCode: String?
  let reason: String
  /// The scope check of each candidate, in their order.
  let checks: [ScopeCheck]

  var isAllowed: Bool { denyCode == nil }

  init(of question: Question, now: Date) {
    let actor = question.actor
    checks =
      question.matter.map { matter in
        matter.candidates.map { ScopeCheck(of: $0, actor: actor, target: matter.target) }
      } ?? []
    (denyCode, reason) =
      Self.objectionToActor(actor, now: now) ?? Self.objectionToRegistry(question)
      ?? Self.outcome(of: question.matter, actor: actor, checks: checks)
  }

  private typealias Objection = (denyCode: String?, reason: String)

  private static func objectionToActor(_ actor: ActorSnapshot, now: Date) -> Objection? {
    if actor.userStatus != "active" { return ("ACTOR_USER_INACTIVE", "actor User is not active") }
    if actor.member.status != "active" { return ("ACTOR_MEMBER_INACTIVE", "actor Member is not active") }
    if actor.space.status != "active" { return ("SPACE_INACTIVE", "active Space is not active") }
    if actor.binding.status != "active" {
      return ("USER_MEMBER_REVOKED", "UserMember binding is not active")
    }
    if let end = actor.binding.expiresAt, end <= now {
      return ("USER_MEMBER_EXPIRED", "UserMember binding has expired")
    }
    return nil
  }

  private static func objectionToRegistry(_ question: Question) -> Objection? {
    switch question.registryEntry {
    case .registered: nil
    case .unknownType: ("INVALID_RESOURCE_TYPE", "resource type is not registered")
    case .unknownAction:
      ("INVALID_RESOURCE_ACTION", "resource action is not registered for the resource type")
    }
  }

  private static func outcome(
    of matter: Question.Matter?, actor: ActorSnapshot, checks: [ScopeCheck]
  ) -> Objection {
    if let matter, matter.crossesSpaces(of: actor) {
      return (
        "CROSS_SPACE_VIOLATION",
        "actor context, grants, and target resource must belong to the same Space"
      )
    }
    guard let first = checks.first else {
      return ("NO_MATCHING_PERMISSION", "no permission grant matched the requested resource and action")
    }
    if checks.contains(where: \.isCovered) {
      return (nil, "at least one matching permission grant covers the target resource")
    }
    return (first.denyCode, "matching permission grants do not cover the target resource scope")
  }
}

extension Question.Matter {
  /// Whether the target, its group or any candidate lies in another space than the actor.
  fileprivate func crossesSpaces(of actor: ActorSnapshot) -> Bool {
    func isElsewhere(_ spaceID: String?) -> Bool { spaceID.map { !$0.isExactly(actor.space.id) } ?? false }
    return isElsewhere(actor.member.spaceID) || isElsewhere(target.resource.spaceID)
      || isElsewhere(target.group?.spaceID)
      || candidates.contains {
        isElsewhere($0.roleSpaceID) || isElsewhere($0.memberRoleSpaceID) || isElsewhere($0.anchor?.spaceID)
      }
  }
}
