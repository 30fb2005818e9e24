// What was acted on.

extension DecisionTrace {
  /// What was acted on.
  public struct Target: PlystraModel {
    /// The resource.
    public var resource = Resource()
    /// Its group, if it is in one.
    public var group: Group?
    /// Makes a blank target.
    public init() {}
  }

  /// A resource.
  public struct Resource: PlystraModel {
    /// The id by which the service knows it.
    public var id: String = ""
    /// The id by which the application knows it.
    public var externalID: String?
    /// The type, such as `invoice`.
    public var type: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The group's id, if it is in one.
    public var groupID: String?
    /// The group's path, if it is in one.
    public var groupPath: String?
    /// The owner's member id, if it has an owner.
    public var ownerMemberID: String?
    /// The name, if it has one.
    public var displayName: String?
    /// Who may see it, if said.
    public var visibility: String?
    /// The status, such as `active`.
    public var status: String?
    /// Anything else that is known of it; read from the answer's text at each access, so keep what you look into.
    public var metadata: JSONObject? {
      get { unreadMetadata?.object }
      set { unreadMetadata = newValue.map { UnreadObject($0) } }
    }
    var unreadMetadata: UnreadObject?
    /// Makes a blank resource.
    public init() {}
  }

  /// A group within a space.
  public struct Group: PlystraModel {
    /// The group's id.
    public var id: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The path, such as `finance.apac`.
    public var path: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank group.
    public init() {}
  }
}

extension DecisionTrace.Target: WireModel {
  package init(from fields: inout JSONReader) throws {
    resource = try fields.value("resource", or: .init())
    group = try fields.optional("group")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("resource", resource)
    writer.optional("group", group)
  }
}

extension DecisionTrace.Resource: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    externalID = try fields.optional("external_id")
    type = try fields.value("type", or: "")
    spaceID = try fields.value("space_id", or: "")
    groupID = try fields.optional("group_id")
    groupPath = try fields.optional("group_path")
    ownerMemberID = try fields.optional("owner_member_id")
    displayName = try fields.optional("display_name")
    visibility = try fields.optional("visibility")
    status = try fields.optional("status")
    unreadMetadata = try fields.optional("metadata")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.optional("external_id", externalID)
    writer.field("type", type)
    writer.field("space_id", spaceID)
    writer.optional("group_id", groupID)
    writer.optional("group_path", groupPath)
    writer.optional("owner_member_id", ownerMemberID)
    writer.optional("display_name", displayName)
    writer.optional("visibility", visibility)
    writer.optional("status", status)
    writer.optional("metadata", unreadMetadata)
  }
}

extension DecisionTrace.Group: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    spaceID = try fields.value("space_id", or: "")
    path = try fields.value("path", or: "")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("space_id", spaceID)
    writer.field("path", path)
    writer.field("status", status)
  }
}
