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
  package var namesActor: Bool {
    guard let actor else { return false }
    return isGiven(actor.userID) || isGiven(actor.memberID) || isGiven(actor.spaceID)
      || isGiven(actor.anyBindingID)
  }

  /// Whether the resource says more than its type and id, so that it is judged as the request describes it.
  package var hasInlineResource: Bool {
    guard let resource else { return false }
    return isGiven(resource.spaceID) || isGiven(resource.externalID) || isGiven(resource.groupID)
      || isGiven(resource.groupPath) || isGiven(resource.ownerMemberID) || isGiven(resource.visibility)
      || isGiven(resource.status) || resource.displayName.hasText || resource.metadata?.isEmpty == false
  }

  /// The type of the resource, from either place; empty if it is in neither.
  package var anyResourceType: String { resourceType.unlessEmpty ?? resource?.type ?? "" }

  /// The id of the resource, from the first place that has it; empty if it is in none.
  package var anyResourceID: String {
    resourceID.unlessEmpty ?? (resource?.id).unlessEmpty ?? resource?.externalID ?? ""
  }
}

extension ActorContext {
  /// The binding, under either of its names.
  package var anyBindingID: String? { userMemberID.unlessEmpty ?? bindingID }

  /// Facts beyond the ids on which a decision may depend.
  private var facts: [String?] { [userStatus, memberStatus, bindingStatus, relationType, spaceStatus] }
  /// Texts that are only shown; blank ones are not sent.
  private var shownTexts: [String?] { [userEmail, memberDisplayName, spaceName] }

  /// Whether there is metadata, which makes it Context Mode.
  var hasMetadata: Bool {
    facts.contains(where: isGiven) || shownTexts.contains(where: \.hasText)
  }
}

/// Whether a text is more than empty, which to the service is the same as absent.
private func isGiven(_ text: String?) -> Bool { text?.isEmpty == false }

// MARK: What is sent

extension AuthorizationRequest {
  /// Writes the request so that the service judges it in the mode that it is in here.
  package mutating func writeInPlace(to writer: inout JSONWriter) throws {
    writer.beginObject()
    if grants?.isEmpty == true || hasBlankTexts {
      // A copy of its own, as the model is only borrowed from its owner.
      var sent = self
      try sent.prepareForSending(by: &writer)
      try sent.fields(&writer)
    } else {
      try fields(&writer)
    }
    writer.endObject()
  }

  private var hasBlankTexts: Bool {
    actor?.userEmail?.isWhiteSpaceOnly == true || actor?.memberDisplayName?.isWhiteSpaceOnly == true
      || actor?.spaceName?.isWhiteSpaceOnly == true || resource?.displayName?.isWhiteSpaceOnly == true
  }

  private mutating func prepareForSending(by writer: inout JSONWriter) throws {
    if actor?.userEmail.hasText == false { actor?.userEmail = nil }
    if actor?.memberDisplayName.hasText == false { actor?.memberDisplayName = nil }
    if actor?.spaceName.hasText == false { actor?.spaceName = nil }
    if resource?.displayName.hasText == false { resource?.displayName = nil }
    guard grants?.isEmpty == true else { return }
    guard let actor else {
      writer.key("grants")
      throw writer.fault(Self.emptyGrantsWithoutActor)
    }
    // To the service `[]` alone is an absent list: it would judge by the grants that it has stored. Any metadata keeps
    // the request in Context Mode, and `active` is what an absent status means.
    if !actor.hasMetadataWithText { self.actor?.userStatus = "active" }
  }

  /// Why an empty list needs an actor.
  static let emptyGrantsWithoutActor =
    "an empty list needs an actor, or the service would judge by its own grants; use nil to ask for that"
}

extension ActorContext {
  /// Whether some metadata is more than white space, which the service might trim away.
  fileprivate var hasMetadataWithText: Bool { (facts + shownTexts).contains(where: \.hasText) }
}
