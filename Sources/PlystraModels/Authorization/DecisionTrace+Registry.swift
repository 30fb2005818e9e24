// What the service knows of the type and the action.

extension DecisionTrace {
  /// What the service knows of the type and the action.
  public struct Registry: Sendable, Hashable, Codable {
    /// The type.
    public var resourceType = RegisteredType()
    /// The action.
    public var action = RegisteredAction()
    /// Where resources of the type are kept.
    public var mapping = Mapping()
    /// Makes a blank registry.
    public init() {}
    /// Reads a stored registry.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the registry.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A registered type of resource.
  public struct RegisteredType: Sendable, Hashable, Codable {
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
    /// Reads a stored type.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the type.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A registered action.
  public struct RegisteredAction: Sendable, Hashable, Codable {
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
    /// Reads a stored action.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the action.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// Where the service keeps resources of a type.
  public struct Mapping: Sendable, Hashable, Codable {
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
    /// Reads a stored mapping.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the mapping.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
