/// What is acted on (contract §3).
public struct ResourceContext: PlystraModel {
  /// The type, such as `invoice`.
  public var type: String?
  /// The id by which the service knows it.
  public var id: String?
  /// The id by which the application knows it.
  public var externalID: String?
  /// The space it belongs to.
  public var spaceID: String?
  /// The group it belongs to.
  public var groupID: String?
  /// The path of that group, such as `finance.apac`.
  public var groupPath: String?
  /// The member who owns it.
  public var ownerMemberID: String?
  /// Its name.
  public var displayName: String?
  /// Who may see it.
  public var visibility: String?
  /// Its status; `active` when nil.
  public var status: String?
  /// Anything else, which the service keeps in the trace.
  public var metadata: JSONObject?

  /// Makes a resource.
  public init(
    type: String? = nil, id: String? = nil, externalID: String? = nil, spaceID: String? = nil,
    groupID: String? = nil, groupPath: String? = nil, ownerMemberID: String? = nil,
    displayName: String? = nil, visibility: String? = nil, status: String? = nil,
    metadata: JSONObject? = nil
  ) {
    self.type = type
    self.id = id
    self.externalID = externalID
    self.spaceID = spaceID
    self.groupID = groupID
    self.groupPath = groupPath
    self.ownerMemberID = ownerMemberID
    self.displayName = displayName
    self.visibility = visibility
    self.status = status
    self.metadata = metadata
  }
}

extension ResourceContext: WireModel {
  package init(from fields: inout JSONReader) throws {
    type = try fields.optional("type")
    id = try fields.optional("id")
    externalID = try fields.optional("external_id")
    spaceID = try fields.optional("space_id")
    groupID = try fields.optional("group_id")
    groupPath = try fields.optional("group_path")
    ownerMemberID = try fields.optional("owner_member_id")
    displayName = try fields.optional("display_name")
    visibility = try fields.optional("visibility")
    status = try fields.optional("status")
    metadata = try fields.metadata("metadata")
  }

  package func writeFields(to writer: inout JSONWriter) {
    forEachField { name, use, value in
      if use != .label || value.hasText { writer.optional(name, value) }
    }
    writer.optional("metadata", metadata)
  }

  /// Calls `body` with every field except `metadata`: its name on the wire, what the service uses it for, and its value.
  package func forEachField<Failure: Error>(
    _ body: (StaticString, ContextFieldUse, String?) throws(Failure) -> Void
  ) throws(Failure) {
    try body("type", .identity, type)
    try body("id", .identity, id)
    try body("external_id", .fact, externalID)
    try body("space_id", .fact, spaceID)
    try body("group_id", .fact, groupID)
    try body("group_path", .fact, groupPath)
    try body("owner_member_id", .plain, ownerMemberID)
    try body("display_name", .label, displayName)
    try body("visibility", .plain, visibility)
    try body("status", .fact, status)
  }

  /// Whether it says more than type and id, so that the resource is judged as the request describes it (contract §3).
  var isDescribed: Bool {
    var isDescribed = metadata?.isEmpty == false
    forEachField { _, use, value in
      switch use {
      case .identity: break
      case .fact, .plain: if value.unlessEmpty != nil { isDescribed = true }
      case .label: if value.hasText { isDescribed = true }
      }
    }
    return isDescribed
  }
}
