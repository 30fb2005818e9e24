/// Who acts: a user, as a member of a space, through a binding of both (contract §3).
public struct ActorContext: PlystraModel {
  /// The user's id.
  public var userID: String?
  /// The member's id.
  public var memberID: String?
  /// The space's id.
  public var spaceID: String?
  /// The id of the binding of user and member; the same thing as `userMemberID`, which wins if both are given.
  public var bindingID: String?
  /// The id of the binding of user and member.
  public var userMemberID: String?
  /// The user's e-mail address.
  public var userEmail: String?
  /// The user's status; `active` when nil.
  public var userStatus: String?
  /// The member's name; its id when nil.
  public var memberDisplayName: String?
  /// The member's status; `active` when nil.
  public var memberStatus: String?
  /// The binding's status; `active` when nil.
  public var bindingStatus: String?
  /// How user and member relate; `external` when nil.
  public var relationType: String?
  /// The space's name; its id when nil.
  public var spaceName: String?
  /// The space's status; `active` when nil.
  public var spaceStatus: String?

  /// Makes an actor.
  public init(
    userID: String? = nil, memberID: String? = nil, spaceID: String? = nil, bindingID: String? = nil,
    userMemberID: String? = nil, userEmail: String? = nil, userStatus: String? = nil,
    memberDisplayName: String? = nil, memberStatus: String? = nil, bindingStatus: String? = nil,
    relationType: String? = nil, spaceName: String? = nil, spaceStatus: String? = nil
  ) {
    self.userID = userID
    self.memberID = memberID
    self.spaceID = spaceID
    self.bindingID = bindingID
    self.userMemberID = userMemberID
    self.userEmail = userEmail
    self.userStatus = userStatus
    self.memberDisplayName = memberDisplayName
    self.memberStatus = memberStatus
    self.bindingStatus = bindingStatus
    self.relationType = relationType
    self.spaceName = spaceName
    self.spaceStatus = spaceStatus
  }
}

extension ActorContext: WireModel {
  package init(from fields: inout JSONReader) throws {
    userID = try fields.optional("user_id")
    memberID = try fields.optional("member_id")
    spaceID = try fields.optional("space_id")
    bindingID = try fields.optional("binding_id")
    userMemberID = try fields.optional("user_member_id")
    userEmail = try fields.optional("user_email")
    userStatus = try fields.optional("user_status")
    memberDisplayName = try fields.optional("member_display_name")
    memberStatus = try fields.optional("member_status")
    bindingStatus = try fields.optional("binding_status")
    relationType = try fields.optional("relation_type")
    spaceName = try fields.optional("space_name")
    spaceStatus = try fields.optional("space_status")
  }

  package func writeFields(to writer: inout JSONWriter) {
    forEachField { name, use, value in
      if use != .label || value.hasText { writer.optional(name, value) }
    }
  }

  /// Calls `body` with every field: its name on the wire, what the service uses it for, and its value.
  package func forEachField<Failure: Error>(
    _ body: (StaticString, ContextFieldUse, String?) throws(Failure) -> Void
  ) throws(Failure) {
    try body("user_id", .identity, userID)
    try body("member_id", .identity, memberID)
    try body("space_id", .identity, spaceID)
    try body("binding_id", .identity, bindingID)
    try body("user_member_id", .identity, userMemberID)
    try body("user_email", .label, userEmail)
    try body("user_status", .fact, userStatus)
    try body("member_display_name", .label, memberDisplayName)
    try body("member_status", .fact, memberStatus)
    try body("binding_status", .fact, bindingStatus)
    try body("relation_type", .fact, relationType)
    try body("space_name", .label, spaceName)
    try body("space_status", .fact, spaceStatus)
  }
}

// MARK: What the service makes of it (contract §3)

extension ActorContext {
  /// The binding, under either of its names.
  package var anyBindingID: String? { userMemberID.unlessEmpty ?? bindingID }

  /// Whether it names an actor at all.
  var namesActor: Bool {
    var namesActor = false
    forEachField { _, use, value in
      if use == .identity, value.unlessEmpty != nil { namesActor = true }
    }
    return namesActor
  }

  /// Whether it says more than ids, which makes a request one of Context Mode.
  var hasMetadata: Bool {
    var hasMetadata = false
    forEachField { _, use, value in
      if use == .fact, value.unlessEmpty != nil { hasMetadata = true }
      if use == .label, value.hasText { hasMetadata = true }
    }
    return hasMetadata
  }

  /// Whether some of that is more than white space, which the service might trim away.
  var hasMetadataWithText: Bool {
    var hasText = false
    forEachField { _, use, value in
      if use != .identity, value.hasText { hasText = true }
    }
    return hasText
  }
}
