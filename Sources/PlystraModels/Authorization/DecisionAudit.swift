/// What the audit row of a decision holds.
public struct DecisionAudit: PlystraModel {
  /// The audit row's id.
  public var auditLogID: String?
  /// The user who acted.
  public var actorUserID: String?
  /// The member as which the user acted.
  public var actorMemberID: String?
  /// The binding of both.
  public var actorUserMemberID: String?
  /// The space in which it was judged.
  public var spaceID: String?
  /// Type and action, such as `invoice.approve`.
  public var action: String?
  /// The type of the resource.
  public var resourceType: String?
  /// The resource's id.
  public var resourceID: String?
  /// What was decided.
  public var decision: Effect?
  /// Why it was denied, if it was.
  public var denyCode: DenyCode?
  /// The id of the call that asked.
  public var requestID: String?

  /// Makes a blank record, for tests to fill in.
  public init() {}
}

extension DecisionAudit: WireModel {
  package init(from fields: inout JSONReader) throws {
    auditLogID = try fields.optional("audit_log_id")
    actorUserID = try fields.optional("actor_user_id")
    actorMemberID = try fields.optional("actor_member_id")
    actorUserMemberID = try fields.optional("actor_user_member_id")
    spaceID = try fields.optional("space_id")
    action = try fields.optional("action")
    resourceType = try fields.optional("resource_type")
    resourceID = try fields.optional("resource_id")
    decision = try fields.optional("decision")
    denyCode = try fields.optional("deny_code")
    requestID = try fields.optional("request_id")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("audit_log_id", auditLogID)
    writer.optional("actor_user_id", actorUserID)
    writer.optional("actor_member_id", actorMemberID)
    writer.optional("actor_user_member_id", actorUserMemberID)
    writer.optional("space_id", spaceID)
    writer.optional("action", action)
    writer.optional("resource_type", resourceType)
    writer.optional("resource_id", resourceID)
    writer.optional("decision", decision)
    writer.optional("deny_code", denyCode)
    writer.optional("request_id", requestID)
  }
}
