// What was acted on.

extension DecisionTrace {
  /// What was acted on.
  public struct Target: Sendable, Hashable, Codable {
    /// The resource.
    public var resource = Resource()
    /// Its group, if it is in one.
    public var group: Group?
    /// Makes a blank target.
    public init() {}
    /// Reads a stored target.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the target.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A resource.
  public struct Resource: Sendable, Hashable, Codable {
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
      get { checkedMetadata?.object }
      set { checkedMetadata = newValue.map { CheckedObject($0) } }
    }
    var checkedMetadata: CheckedObject?
    /// Makes a blank resource.
    public init() {}
    /// Reads a stored resource.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the resource.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A group within a space.
  public struct Group: Sendable, Hashable, Codable {
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
    /// Reads a stored group.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the group.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
