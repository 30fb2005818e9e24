extension AuthorizationRequest {
  /// A question that the service judges from these facts alone (Context Mode, API keys only).
  ///
  /// - Parameters:
  ///   - actor: who acts; user, member, space and binding must be named.
  ///   - resource: what is acted on, with its space.
  ///   - grants: all that the actor was granted. An empty list is never allowed, whatever the service has stored.
  ///   - action: what is to be done, such as `approve`.
  ///   - explain: whether `check` returns the whole trace.
  public static func inContext(
    actor: ActorContext, resource: ResourceContext, grants: [Grant], action: String, explain: Bool = false
  ) -> AuthorizationRequest {
    AuthorizationRequest(actor: actor, resource: resource, grants: grants, action: action, explain: explain)
  }

  /// A question that the service judges from its own data, its stored grants included (managed mode).
  ///
  /// - Parameters:
  ///   - actor: who acts; nil, for a session only, is the session's active member.
  ///   - resourceType: the type of the resource, such as `invoice`.
  ///   - resourceID: the id by which the service knows the resource.
  ///   - action: what is to be done, such as `approve`.
  ///   - explain: whether `check` returns the whole trace.
  public static func managed(
    actor: ActorReference? = nil, resourceType: String, resourceID: String, action: String,
    explain: Bool = false
  ) -> AuthorizationRequest {
    let actor = actor.map {
      ActorContext(userID: $0.userID, memberID: $0.memberID, spaceID: $0.spaceID, bindingID: $0.bindingID)
    }
    return AuthorizationRequest(
      actor: actor, resourceType: resourceType, resourceID: resourceID, action: action, explain: explain)
  }
}

/// The ids that name an actor whom the service knows. It has no metadata, which would change who judges (contract §3).
public struct ActorReference: Sendable, Hashable {
  /// The user's id.
  public var userID: String
  /// The member's id.
  public var memberID: String
  /// The space's id.
  public var spaceID: String
  /// The id of the binding of user and member.
  public var bindingID: String

  /// Makes a reference; none of the ids may be blank.
  public init(userID: String, memberID: String, spaceID: String, bindingID: String) {
    self.userID = userID
    self.memberID = memberID
    self.spaceID = spaceID
    self.bindingID = bindingID
  }
}

// MARK: What the service makes of a request (contract §3 and §4)

extension AuthorizationRequest {
  /// Whether the service judges from the request alone: it carries grants or actor metadata.
  package var isContextMode: Bool { grants != nil || actor?.hasMetadata == true }

  /// Whether the request names an actor at all.
  package var namesActor: Bool { actor?.namesActor == true }

  /// Whether the resource says more than its type and id, so that it is judged as the request describes it.
  package var hasInlineResource: Bool { resource?.isDescribed == true }

  /// The type of the resource, from either place; empty if it is in neither.
  package var anyResourceType: String { resourceType.unlessEmpty ?? resource?.type ?? "" }

  /// The id of the resource, from the first place that has it; empty if it is in none.
  package var anyResourceID: String {
    resourceID.unlessEmpty ?? (resource?.id).unlessEmpty ?? resource?.externalID ?? ""
  }
}
