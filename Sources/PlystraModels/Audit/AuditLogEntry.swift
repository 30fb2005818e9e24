#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A row of the audit log: one decision (contract §5).
public struct AuditLogEntry: PlystraModel, Identifiable {
  /// The row's id.
  public var id: String = ""
  /// The space in which it was judged.
  public var spaceID: String?
  /// The user who acted.
  public var actorUserID: String?
  /// The member as which the user acted.
  public var actorMemberID: String?
  /// The binding of both.
  public var actorUserMemberID: String?
  /// Type and action, such as `invoice.approve`.
  public var action: String = ""
  /// The type of the resource.
  public var resourceType: String?
  /// The resource's id.
  public var resourceID: String?
  /// What was decided.
  public var decision: Effect = ""
  /// Why it was denied, if it was.
  public var denyCode: DenyCode?
  /// The id of the call that asked.
  public var requestID: String?
  /// The caller's address.
  public var ipAddress: String?
  /// The caller's user agent.
  public var userAgent: String?
  /// When it was decided.
  public var createdAt = Date(timeIntervalSinceReferenceDate: 0)
  /// How it came about; only where a single row was asked for.
  public var trace: DecisionTrace? {
    get { boxedTrace?.value }
    set { boxedTrace = newValue.map { Boxed($0) } }
  }
  private var boxedTrace: Boxed<DecisionTrace>?

  /// Makes a row.
  public init(
    id: String, spaceID: String? = nil, actorUserID: String? = nil, actorMemberID: String? = nil,
    actorUserMemberID: String? = nil, action: String, resourceType: String? = nil, resourceID: String? = nil,
    decision: Effect, denyCode: DenyCode? = nil, requestID: String? = nil, ipAddress: String? = nil,
    userAgent: String? = nil, createdAt: Date, trace: DecisionTrace? = nil
  ) {
    self.id = id
    self.spaceID = spaceID
    self.actorUserID = actorUserID
    self.actorMemberID = actorMemberID
    self.actorUserMemberID = actorUserMemberID
    self.action = action
    self.resourceType = resourceType
    self.resourceID = resourceID
    self.decision = decision
    self.denyCode = denyCode
    self.requestID = requestID
    self.ipAddress = ipAddress
    self.userAgent = userAgent
    self.createdAt = createdAt
    boxedTrace = trace.map { Boxed($0) }
  }
}

extension AuditLogEntry: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.required("id")
    spaceID = try fields.optional("space_id")
    actorUserID = try fields.optional("actor_user_id")
    actorMemberID = try fields.optional("actor_member_id")
    actorUserMemberID = try fields.optional("actor_user_member_id")
    action = try fields.value("action", or: "")
    resourceType = try fields.optional("resource_type")
    resourceID = try fields.optional("resource_id")
    decision = try fields.required("decision")
    denyCode = try fields.optional("deny_code")
    requestID = try fields.optional("request_id")
    ipAddress = try fields.optional("ip_address")
    userAgent = try fields.optional("user_agent")
    createdAt = try fields.required("created_at")
    boxedTrace = try fields.optional("trace")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.optional("space_id", spaceID)
    writer.optional("actor_user_id", actorUserID)
    writer.optional("actor_member_id", actorMemberID)
    writer.optional("actor_user_member_id", actorUserMemberID)
    writer.field("action", action)
    writer.optional("resource_type", resourceType)
    writer.optional("resource_id", resourceID)
    writer.field("decision", decision)
    writer.optional("deny_code", denyCode)
    writer.optional("request_id", requestID)
    writer.optional("ip_address", ipAddress)
    writer.optional("user_agent", userAgent)
    writer.field("created_at", createdAt)
    writer.optional("trace", boxedTrace)
  }
}
