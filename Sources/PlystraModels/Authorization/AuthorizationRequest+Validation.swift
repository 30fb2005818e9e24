extension AuthorizationRequest {
  /// Checks that the service can judge the request as it is meant, without sending it (contract §3 and §4).
  ///
  /// A text that is empty or only white space is refused wherever the service has a default for it: there it would count
  /// as absent, so that an empty column of a database would become "the requested action" or "active". Use nil for an
  /// absent value. A blank name or e-mail address is no fault: it is not sent.
  ///
  /// - Parameter forAPIKey: whether the request is to travel with an API key, which must name a whole actor.
  /// - Throws: ``InvalidAuthorizationRequest`` for the first fault.
  public func validate(forAPIKey: Bool = false) throws(InvalidAuthorizationRequest) {
    if grants?.isEmpty == true, actor == nil {
      throw InvalidAuthorizationRequest("grants", Self.emptyGrantsWithoutActor)
    }
    try refuseBlanks()
    try refuseAsService(forAPIKey: forAPIKey)
  }

  // MARK: What the service refuses

  /// Finds what the service refuses with status 400. To the service, as here, an empty text is an absent one.
  package func refuseAsService(forAPIKey: Bool) throws(InvalidAuthorizationRequest) {
    if forAPIKey, !namesActor {
      throw InvalidAuthorizationRequest("actor", "it is required with an API key")
    }
    if action.isEmpty {
      throw InvalidAuthorizationRequest("action", "it is empty; name what is to be done, such as approve")
    }
    if isContextMode {
      try requireActorIDs()
      try checkInlineResource()
      if let grants {
        for index in grants.indices { try check(grants[index], at: index) }
      }
    } else {
      if forAPIKey { try requireActorIDs() }
      if anyResourceType.isEmpty {
        throw InvalidAuthorizationRequest("resource_type", "it is required, here or as resource.type")
      }
      if hasInlineResource {
        try checkInlineResource()
      } else if anyResourceID.isEmpty {
        throw InvalidAuthorizationRequest("resource_id", "it is required, here or as resource.id")
      }
    }
  }

  private func requireActorIDs() throws(InvalidAuthorizationRequest) {
    guard namesActor, let actor else {
      throw InvalidAuthorizationRequest("actor", "it is required; name user, member, space and binding")
    }
    func require(_ id: String?, _ key: String) throws(InvalidAuthorizationRequest) {
      if id.unlessEmpty == nil { throw InvalidAuthorizationRequest("actor.\(key)", "it is required") }
    }
    try require(actor.userID, "user_id")
    try require(actor.memberID, "member_id")
    try require(actor.anyBindingID, "user_member_id")
    try require(actor.spaceID, "space_id")
  }

  private func checkInlineResource() throws(InvalidAuthorizationRequest) {
    guard hasInlineResource, let resource else {
      throw InvalidAuthorizationRequest(
        "resource", "more than its type and id is required in Context Mode, such as space_id")
    }
    let type = anyResourceType
    if type.isEmpty { throw InvalidAuthorizationRequest("resource.type", "it is required") }
    // To the service, two spellings of a character are two types.
    if let own = resource.type.unlessEmpty, !own.hasSameBytes(as: type) {
      throw InvalidAuthorizationRequest("resource.type", "it differs from resource_type")
    }
    if resource.spaceID.unlessEmpty == nil {
      throw InvalidAuthorizationRequest("resource.space_id", "it is required")
    }
    if resource.id.unlessEmpty == nil, !resource.externalID.hasText, anyResourceID.isWhiteSpaceOnly {
      throw InvalidAuthorizationRequest("resource.id", "it is required, here or as resource.external_id")
    }
  }

  private func check(_ grant: Grant, at index: Int) throws(InvalidAuthorizationRequest) {
    func refusal(_ key: String, _ reason: String) -> InvalidAuthorizationRequest {
      InvalidAuthorizationRequest("grants[\(index)].\(key)", reason)
    }
    if !grant.resource.hasText, anyResourceType.isWhiteSpaceOnly {
      throw refusal("resource", "it is required")
    }
    if !grant.action.hasText, action.isWhiteSpaceOnly { throw refusal("action", "it is required") }
    if !grant.spaceID.hasText, actor?.spaceID.hasText != true { throw refusal("space_id", "it is required") }
    guard Scope.known.contains(grant.scope) else {
      throw refusal(
        "scope", "it is none of \(Scope.known.map(\.rawValue).joined(separator: ", "))")
    }
  }
}

// MARK: What the service would take for absent

extension AuthorizationRequest {
  /// Finds a blank text that the service would take for an absent one, and replace by a default.
  private func refuseBlanks() throws(InvalidAuthorizationRequest) {
    try refuse(blank: action, .fact) { "action" }
    try refuse(blank: resourceType, .fact) { "resource_type" }
    try refuse(blank: resourceID, .fact) { "resource_id" }
    try actor?.forEachField { (name, use, value) throws(InvalidAuthorizationRequest) in
      try refuse(blank: value, use) { "actor.\(name)" }
    }
    try resource?.forEachField { (name, use, value) throws(InvalidAuthorizationRequest) in
      try refuse(blank: value, use) { "resource.\(name)" }
    }
    for (index, grant) in (grants ?? []).enumerated() {
      try grant.forEachField { (name, use, value) throws(InvalidAuthorizationRequest) in
        try refuse(blank: value, use) { "grants[\(index)].\(name)" }
      }
    }
  }
}

private func refuse(
  blank text: String?, _ use: ContextFieldUse, path: () -> String
) throws(InvalidAuthorizationRequest) {
  guard use == .identity || use == .fact, let text, text.isWhiteSpaceOnly else { return }
  throw InvalidAuthorizationRequest(path(), "it is blank; give a value, or nil where it may be absent")
}
