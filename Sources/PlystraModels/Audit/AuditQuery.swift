#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Which audit rows to list; nil means any (contract §5).
public struct AuditQuery: Sendable, Hashable, Codable {
  /// Rows of this space.
  public var spaceID: String?
  /// Rows of this user.
  public var actorUserID: String?
  /// Rows of this member.
  public var actorMemberID: String?
  /// Rows of this binding.
  public var actorUserMemberID: String?
  /// Rows about resources of this type.
  public var resourceType: String?
  /// Rows about this resource.
  public var resourceID: String?
  /// Rows with this decision.
  public var decision: Effect?
  /// Rows with this deny code.
  public var denyCode: DenyCode?
  /// Rows of this call.
  public var requestID: String?
  /// Rows from this moment on.
  public var createdAtFrom: Date?
  /// Rows up to this moment, itself included.
  public var createdAtTo: Date?
  /// The most rows to answer, 1…200; 50 when nil.
  public var limit: Int?
  /// Where the last page ended, if its server offers paging.
  public var cursor: String?

  /// Makes a query; without arguments it lists the latest 50 rows.
  public init(
    spaceID: String? = nil, actorUserID: String? = nil, actorMemberID: String? = nil,
    actorUserMemberID: String? = nil, resourceType: String? = nil, resourceID: String? = nil,
    decision: Effect? = nil, denyCode: DenyCode? = nil, requestID: String? = nil, createdAtFrom: Date? = nil,
    createdAtTo: Date? = nil, limit: Int? = nil, cursor: String? = nil
  ) {
    self.spaceID = spaceID
    self.actorUserID = actorUserID
    self.actorMemberID = actorMemberID
    self.actorUserMemberID = actorUserMemberID
    self.resourceType = resourceType
    self.resourceID = resourceID
    self.decision = decision
    self.denyCode = denyCode
    self.requestID = requestID
    self.createdAtFrom = createdAtFrom
    self.createdAtTo = createdAtTo
    self.limit = limit
    self.cursor = cursor
  }

  /// Reads a stored query.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the query.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension AuditQuery: WireModel {
  package init() { self.init(spaceID: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("space_id", &spaceID)
    try visitor.field("actor_user_id", &actorUserID)
    try visitor.field("actor_member_id", &actorMemberID)
    try visitor.field("actor_user_member_id", &actorUserMemberID)
    try visitor.field("resource_type", &resourceType)
    try visitor.field("resource_id", &resourceID)
    try visitor.field("decision", &decision)
    try visitor.field("deny_code", &denyCode)
    try visitor.field("request_id", &requestID)
    try visitor.field("created_at_from", &createdAtFrom)
    try visitor.field("created_at_to", &createdAtTo)
    try visitor.field("limit", &limit)
    try visitor.field("cursor", &cursor)
  }

  /// The query as names and values of a URL, in the order of the fields, without what is nil or blank.
  package func parameters() throws -> [(name: String, value: String)] {
    let fields = try JSONValue(parsing: serialized()).objectValue ?? JSONObject()
    return fields.map { (name: $0.key, value: $0.value.stringValue ?? $0.value.description) }
  }
}
