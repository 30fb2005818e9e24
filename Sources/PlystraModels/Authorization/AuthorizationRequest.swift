/// The question "may this actor do this action on this resource?" (contract §3).
///
/// Which data the service judges by depends on what the request carries:
///
/// * With ``grants``, even an empty list, or with actor metadata it judges from the request alone (Context Mode, API keys
///   only). ``inContext(actor:resource:grants:action:explain:)`` makes such a request.
/// * With neither it judges by its own data and the grants that it has stored (managed mode).
///   ``managed(actor:resourceType:resourceID:action:explain:)`` makes such a request.
///
/// So an empty list and nil are different questions: `[]` says that the actor was granted nothing, and is never allowed;
/// nil leaves it to the service, which may allow.
public struct AuthorizationRequest: PlystraModel {
  /// Who acts. A session may leave it out: its active member then acts.
  public var actor: ActorContext?
  /// What is acted on, with the facts that the decision needs.
  public var resource: ResourceContext?
  /// The type of the resource; taken from `resource` when nil.
  public var resourceType: String?
  /// The id of the resource; taken from `resource` when nil.
  public var resourceID: String?
  /// All that the actor was granted; nil leaves it to the service.
  ///
  /// A list, also an empty one, is Context Mode: an empty list is denied with `NO_MATCHING_PERMISSION`, whatever the
  /// service has stored. It needs an ``actor``: without one the request cannot be written. nil is managed mode, unless
  /// the actor has metadata.
  public var grants: [Grant]?
  /// What is to be done, such as `approve`; must not be empty.
  public var action: String
  /// Whether `check` returns the whole trace, as `explain` does.
  public var explain: Bool

  /// Makes a question.
  public init(
    actor: ActorContext? = nil, resource: ResourceContext? = nil, resourceType: String? = nil,
    resourceID: String? = nil, grants: [Grant]? = nil, action: String, explain: Bool = false
  ) {
    self.actor = actor
    self.resource = resource
    self.resourceType = resourceType
    self.resourceID = resourceID
    self.grants = grants
    self.action = action
    self.explain = explain
  }
}

extension AuthorizationRequest: WireModel {
  package init(from fields: inout JSONReader) throws {
    actor = try fields.optional("actor")
    resource = try fields.optional("resource")
    resourceType = try fields.optional("resource_type")
    resourceID = try fields.optional("resource_id")
    grants = try fields.list("grants")
    action = try fields.required("action")
    explain = try fields.value("explain", or: false)
  }

  /// Writes the request so that the service judges it in the mode that it is in here.
  package func writeFields(to writer: inout JSONWriter) {
    if grants?.isEmpty == true, actor == nil {
      writer.key("grants")
      writer.fail(Self.emptyGrantsWithoutActor)
    }
    if grants?.isEmpty == true, actor?.hasMetadataWithText == false {
      writer.optional("actor", actorWithStatus)
    } else {
      writer.optional("actor", actor)
    }
    writer.optional("resource", resource)
    writer.optional("resource_type", resourceType)
    writer.optional("resource_id", resourceID)
    writer.list("grants", grants)
    writer.field("action", action)
    writer.flag("explain", explain)
  }

  /// The actor, to be sent with an empty list of grants: to the service `[]` alone is an absent list, and it would judge by
  /// the grants that it has stored. Any metadata keeps the request in Context Mode, and `active` is what an absent status
  /// means.
  private var actorWithStatus: ActorContext? {
    var actor = actor
    actor?.userStatus = "active"
    return actor
  }

  /// Why an empty list needs an actor.
  static let emptyGrantsWithoutActor =
    "an empty list needs an actor, or the service would judge by its own grants; use nil to ask for that"
}

/// What the service uses a field of an actor, a resource or a grant for (contract §3).
package enum ContextFieldUse {
  /// It names the actor or the resource.
  case identity
  /// A decision may depend on it, and where it is blank the service has a default for it.
  case fact
  /// A decision may depend on it, and blank is as good as absent.
  case plain
  /// It is only shown; a blank one is not sent.
  case label
}
