import PlystraCore

/// The four ids that name an actor.
struct ActorTuple {
  let userID: String
  let memberID: String
  let bindingID: String
  let spaceID: String
}

/// A request for a decision as it was sent, apart from the defaults between its own fields.
struct AuthorizationInput {
  let resourceType: String
  let resourceID: String
  let action: String
  let wantsExplanation: Bool
  /// The fields of the actor; empty if it was absent.
  let actor: JSONObject
  /// The fields of the resource; empty if it was absent.
  let resource: JSONObject
  let grants: [JSONObject]

  init(_ body: JSONObject) {
    actor = body["actor"]?.objectValue ?? [:]
    resource = body["resource"]?.objectValue ?? [:]
    grants = body["grants"]?.arrayValue?.map { $0.objectValue ?? [:] } ?? []
    resourceType = body.text("resource_type").nonEmpty ?? resource.text("type")
    resourceID =
      body.text("resource_id").nonEmpty ?? resource.text("id").nonEmpty ?? resource.text("external_id")
    action = body.text("action")
    wantsExplanation = body["explain"]?.boolValue ?? false
  }

  /// The binding, under either of its names.
  var bindingID: String { actor.text("user_member_id").nonEmpty ?? actor.text("binding_id") }

  /// The actor, all four of whose ids must be there.
  func actorTuple() throws(KernelFailure) -> ActorTuple {
    func id(_ field: String) throws(KernelFailure) -> String {
      guard let id = actor.text(field).nonEmpty else {
        throw .authorizationRequest("actor: \(field) is required")
      }
      return id
    }
    guard let bindingID = bindingID.nonEmpty else {
      throw .authorizationRequest("actor: user_member_id or binding_id is required")
    }
    return ActorTuple(
      userID: try id("user_id"), memberID: try id("member_id"), bindingID: bindingID,
      spaceID: try id("space_id"))
  }

  /// Whether the request names an actor at all.
  var namesActor: Bool {
    !bindingID.isEmpty || ["user_id", "member_id", "space_id"].contains { !actor.text($0).isEmpty }
  }

  /// Whether the service is to judge from the request alone: it carries grants or actor metadata.
  var isContextMode: Bool {
    !grants.isEmpty || Self.actorMetadata.contains { !actor.text($0).isEmpty }
  }

  /// Whether the resource says more than its type and id, so that it is judged as it stands in the request.
  var hasInlineResource: Bool {
    Self.inlineResourceFields.contains { !resource.text($0).isEmpty }
      || !(resource["metadata"]?.objectValue?.isEmpty ?? true)
  }

  private static let actorMetadata = [
    "user_email", "user_status", "member_display_name", "member_status", "binding_status",
    "relation_type", "space_name", "space_status",
  ]

  private static let inlineResourceFields = [
    "external_id", "space_id", "group_id", "group_path", "owner_member_id", "display_name",
    "visibility", "status",
  ]
}
