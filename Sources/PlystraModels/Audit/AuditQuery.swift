#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Which audit rows to list; nil means any (contract §5).
public struct AuditQuery: PlystraModel {
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
}

extension AuditQuery: WireModel {
  package init(from fields: inout JSONReader) throws {
    spaceID = try fields.optional("space_id")
    actorUserID = try fields.optional("actor_user_id")
    actorMemberID = try fields.optional("actor_member_id")
    actorUserMemberID = try fields.optional("actor_user_member_id")
    resourceType = try fields.optional("resource_type")
    resourceID = try fields.optional("resource_id")
    decision = try fields.optional("decision")
    denyCode = try fields.optional("deny_code")
    requestID = try fields.optional("request_id")
    createdAtFrom = try fields.optional("created_at_from")
    createdAtTo = try fields.optional("created_at_to")
    limit = try fields.optional("limit")
    cursor = try fields.optional("cursor")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("space_id", spaceID)
    writer.optional("actor_user_id", actorUserID)
    writer.optional("actor_member_id", actorMemberID)
    writer.optional("actor_user_member_id", actorUserMemberID)
    writer.optional("resource_type", resourceType)
    writer.optional("resource_id", resourceID)
    writer.optional("decision", decision)
    writer.optional("deny_code", denyCode)
    writer.optional("request_id", requestID)
    writer.optional("created_at_from", createdAtFrom)
    writer.optional("created_at_to", createdAtTo)
    writer.optional("limit", limit)
    writer.optional("cursor", cursor)
  }

  /// The query as names and values of a URL, in the order of the fields, without what is nil or blank.
  package func parameters() throws -> [(name: String, value: String)] {
    let fields = try JSONValue(parsing: serialized()).objectValue ?? JSONObject()
    return fields.map { (name: $0.key, value: $0.value.stringValue ?? $0.value.description) }
  }
}
