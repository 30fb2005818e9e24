import PlystraCore

/// What a decision is about, with every default filled in.
struct Question: Sendable {
  let resourceType: String
  let action: String
  /// The resource as the request names it, for the audit row.
  let resourceID: String
  let actor: ActorSnapshot
  /// Target and candidates; nil when the type or the action is not registered, since nothing is looked up then.
  let matter: Matter?
  /// What the registry says about type and action.
  let registryEntry: ResourceRegistry.Entry

  /// What the actor wants to act on, and the grants that are about it.
  struct Matter: Sendable {
    let target: Target
    let candidates: [Candidate]
  }
}

extension Question {
  /// The question of a request; its matter counts only if the registry knows type and action.
  init(_ input: AuthorizationInput, actor: ActorSnapshot, registry: ResourceRegistry, matter: Matter?) {
    resourceType = input.resourceType
    action = input.action
    resourceID = input.resourceID
    self.actor = actor
    registryEntry = registry.entry(type: input.resourceType, action: input.action)
    self.matter = registryEntry == .registered ? matter : nil
  }
}

/// Who wants to act.
struct ActorSnapshot: Sendable {
  let userID: String
  let userEmail: String
  let userStatus: String
  let member: KernelSeed.Member
  let binding: KernelSeed.UserMember
  let space: KernelSeed.Space
}

/// The resource to act on.
struct Target: Sendable {
  var resource: KernelSeed.Resource
  var group: KernelSeed.Group?
}

/// A grant that is about the type and action in question.
struct Candidate: Sendable {
  let roleID: String
  let roleKey: String
  let roleSpaceID: String
  let permission: KernelSeed.Permission
  let anchor: KernelSeed.Group?
  let memberRoleSpaceID: String
}
