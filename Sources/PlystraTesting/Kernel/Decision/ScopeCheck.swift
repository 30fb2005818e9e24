import PlystraCore

/// Whether a candidate covers the target, by which rule, and why (contract §4, step 6).
struct ScopeCheck: Sendable {
  let rule: String
  let reason: String
  /// Why it does not cover; nil if it does.
  let denyCode: String?

  var isCovered: Bool { denyCode == nil }
}

extension ScopeCheck {
  init(of candidate: Candidate, actor: ActorSnapshot, target: Target) {
    switch candidate.permission.scope.rawValue {
    case "self": self = .owner(actor: actor, target: target)
    case "group": self = .anchored(candidate, target) { .sameGroup($0, $1) }
    case "group_tree": self = .anchored(candidate, target) { .groupTree($0, $1) }
    case "space": self = .space(actor: actor, target: target)
    case "global":
      self.init(
        rule: "global scope disabled for ordinary Members",
        reason: "global scope is reserved and disabled in v1.0.", denyCode: "GLOBAL_SCOPE_DISABLED")
    case let unknown:
      self.init(
        rule: "known permission scope", reason: "unsupported scope \"\(unknown)\".",
        denyCode: "SCOPE_OUT_OF_BOUNDS")
    }
  }

  private init(rule: String, isCovered: Bool, covered: String, outside: String) {
    self.init(
      rule: rule, reason: isCovered ? covered : outside,
      denyCode: isCovered ? nil : "SCOPE_OUT_OF_BOUNDS")
  }

  private static func owner(actor: ActorSnapshot, target: Target) -> ScopeCheck {
    ScopeCheck(
      rule: "resource.owner_member_id == actor.member_id",
      isCovered: target.resource.ownerMemberID.isExactly(actor.member.id),
      covered: "target resource is owned by the active Member identity.",
      outside: "target resource is not owned by the active Member identity.")
  }

  private static func space(actor: ActorSnapshot, target: Target) -> ScopeCheck {
    ScopeCheck(
      rule: "resource.space_id == actor.space_id",
      isCovered: target.resource.spaceID.isExactly(actor.space.id),
      covered: "target resource belongs to the active Space.",
      outside: "target resource does not belong to the active Space.")
  }

  /// A check that needs both an anchor and a target group.
  private static func anchored(
    _ candidate: Candidate, _ target: Target,
    check: (_ group: KernelSeed.Group, _ anchor: KernelSeed.Group) -> ScopeCheck
  ) -> ScopeCheck {
    guard let anchor = candidate.anchor else {
      return ScopeCheck(
        rule: "scope_anchor_group_id is required",
        reason: "permission grant is missing a scope anchor group.", denyCode: "SCOPE_ANCHOR_MISSING")
    }
    guard let group = target.group else {
      return ScopeCheck(
        rule: "target resource must have group_id", reason: "target resource is missing a group.",
        denyCode: "TARGET_GROUP_MISSING")
    }
    return check(group, anchor)
  }

  private static func sameGroup(_ group: KernelSeed.Group, _ anchor: KernelSeed.Group) -> ScopeCheck {
    ScopeCheck(
      rule: "target_group_id = scope_anchor_group_id", isCovered: group.id.isExactly(anchor.id),
      covered: "target group \(group.path) matches anchor group \(anchor.path).",
      outside: "target group \(group.path) does not match anchor group \(anchor.path).")
  }

  private static func groupTree(_ group: KernelSeed.Group, _ anchor: KernelSeed.Group) -> ScopeCheck {
    ScopeCheck(
      rule: "target_path = anchor_path OR target_path LIKE anchor_path || '.%'",
      isCovered: group.path.isExactly(anchor.path) || group.path.startsExactly(with: anchor.path + "."),
      covered: "target group \(group.path) is inside anchor group \(anchor.path).",
      outside: "target group \(group.path) is outside anchor group \(anchor.path).")
  }
}
