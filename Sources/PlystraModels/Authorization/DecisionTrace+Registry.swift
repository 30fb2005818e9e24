// What the service knows of the type and the action.

extension DecisionTrace {
  /// What the service knows of the type and the action.
  public struct Registry: PlystraModel {
    /// The type.
    public var resourceType = RegisteredType()
    /// The action.
    public var action = RegisteredAction()
    /// Where resources of the type are kept.
    public var mapping = Mapping()
    /// Makes a blank registry.
    public init() {}
  }

  /// A registered type of resource.
  public struct RegisteredType: PlystraModel {
    /// The type's id.
    public var id: String = ""
    /// The key, such as `invoice`.
    public var key: String = ""
    /// The name.
    public var displayName: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Where it comes from, such as `core`.
    public var source: String = ""
    /// Makes a blank type.
    public init() {}
  }

  /// A registered action.
  public struct RegisteredAction: PlystraModel {
    /// The action's id.
    public var id: String = ""
    /// The id of its type.
    public var resourceTypeID: String = ""
    /// The key, such as `approve`.
    public var key: String = ""
    /// The name.
    public var displayName: String = ""
    /// How risky the action is, such as `high`.
    public var riskLevel: String = ""
    /// Whether it is audited unless said otherwise.
    public var auditDefault = false
    /// Makes a blank action.
    public init() {}
  }

  /// Where the service keeps resources of a type.
  public struct Mapping: PlystraModel {
    /// The mapping's id.
    public var id: String = ""
    /// The id of its type.
    public var resourceTypeID: String = ""
    /// The kind of storage, such as `internal_table`.
    public var storageKind: String = ""
    /// The table.
    public var tableName: String?
    /// The field of the id.
    public var idField: String = ""
    /// The field of the space.
    public var spaceField: String = ""
    /// The field of the group.
    public var groupField: String?
    /// The field of the owner.
    public var ownerMemberField: String?
    /// The field of the visibility.
    public var visibilityField: String?
    /// The field of the metadata.
    public var metadataField: String?
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank mapping.
    public init() {}
  }
}

extension DecisionTrace.Registry: WireModel {
  package init(from fields: inout JSONReader) throws {
    resourceType = try fields.value("resource_type", or: .init())
    action = try fields.value("action", or: .init())
    mapping = try fields.value("mapping", or: .init())
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("resource_type", resourceType)
    writer.field("action", action)
    writer.field("mapping", mapping)
  }
}

extension DecisionTrace.RegisteredType: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    key = try fields.value("key", or: "")
    displayName = try fields.value("display_name", or: "")
    status = try fields.value("status", or: "")
    source = try fields.value("source", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("key", key)
    writer.field("display_name", displayName)
    writer.field("status", status)
    writer.field("source", source)
  }
}

extension DecisionTrace.RegisteredAction: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    resourceTypeID = try fields.value("resource_type_id", or: "")
    key = try fields.value("key", or: "")
    displayName = try fields.value("display_name", or: "")
    riskLevel = try fields.value("risk_level", or: "")
    auditDefault = try fields.value("audit_default", or: false)
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("resource_type_id", resourceTypeID)
    writer.field("key", key)
    writer.field("display_name", displayName)
    writer.field("risk_level", riskLevel)
    writer.field("audit_default", auditDefault)
  }
}

extension DecisionTrace.Mapping: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.value("id", or: "")
    resourceTypeID = try fields.value("resource_type_id", or: "")
    storageKind = try fields.value("storage_kind", or: "")
    tableName = try fields.optional("table_name")
    idField = try fields.value("id_field", or: "")
    spaceField = try fields.value("space_field", or: "")
    groupField = try fields.optional("group_field")
    ownerMemberField = try fields.optional("owner_member_field")
    visibilityField = try fields.optional("visibility_field")
    metadataField = try fields.optional("metadata_field")
    status = try fields.value("status", or: "")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("resource_type_id", resourceTypeID)
    writer.field("storage_kind", storageKind)
    writer.optional("table_name", tableName)
    writer.field("id_field", idField)
    writer.field("space_field", spaceField)
    writer.optional("group_field", groupField)
    writer.optional("owner_member_field", ownerMemberField)
    writer.optional("visibility_field", visibilityField)
    writer.optional("metadata_field", metadataField)
    writer.field("status", status)
  }
}
