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
  /// The request; a text in it that was empty or `null` is nil, and a list of grants that was empty is nil too.
  let request: AuthorizationRequest
  let actor: ActorContext
  let resource: ResourceContext
  let resourceType: String
  let resourceID: String

  /// Reads a body that its schema has accepted.
  init(_ body: JSONObject) throws(KernelFailure) {
    var body = body
    // The model requires these two; the service takes them for absent, and says later what is missing.
    body.fillIn("action")
    if let grants = body["grants"]?.arrayValue {
      body["grants"] = .array(
        grants.map {
          var grant = $0.objectValue ?? [:]
          grant.fillIn("scope")
          return .object(grant)
        })
    }
    var request: AuthorizationRequest
    do {
      request = try AuthorizationRequest(parsing: JSONValue.object(body).serialized())
    } catch {
      throw .body("\(error)")
    }
    // Contract §4: `grants: []` alone is managed mode.
    if request.grants?.isEmpty == true { request.grants = nil }
    self.request = request
    actor = request.actor ?? ActorContext()
    resource = request.resource ?? ResourceContext()
    resourceType = request.anyResourceType
    resourceID = request.anyResourceID
  }

  var action: String { request.action }

  /// Refuses what the service refuses with 400.
  func validate(forAPIKey: Bool) throws(KernelFailure) {
    do {
      try request.refuseAsService(forAPIKey: forAPIKey)
    } catch {
      throw .authorizationRequest(error.description)
    }
  }

  /// The actor's ids, which validation has found in all requests that need them.
  var actorTuple: ActorTuple {
    ActorTuple(
      userID: actor.userID ?? "", memberID: actor.memberID ?? "", bindingID: actor.anyBindingID ?? "",
      spaceID: actor.spaceID ?? "")
  }
}

extension JSONObject {
  /// Puts an empty text where there is nothing.
  fileprivate mutating func fillIn(_ key: String) {
    if self[key]?.stringValue == nil { self[key] = "" }
  }
}
