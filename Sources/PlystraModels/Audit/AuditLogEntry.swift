#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A row of the audit log: one decision (contract §5).
public struct AuditLogEntry: Sendable, Hashable, Codable, Identifiable {
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

  /// Reads a stored row.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the row.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension AuditLogEntry: WireModel {
  package init() {}

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("id", &id)
    try visitor.field("space_id", &spaceID)
    try visitor.field("actor_user_id", &actorUserID)
    try visitor.field("actor_member_id", &actorMemberID)
    try visitor.field("actor_user_member_id", &actorUserMemberID)
    try visitor.field("action", &action)
    try visitor.field("resource_type", &resourceType)
    try visitor.field("resource_id", &resourceID)
    try visitor.decisiveRequired("decision", &decision)
    try visitor.decisive("deny_code", &denyCode)
    try visitor.field("request_id", &requestID)
    try visitor.field("ip_address", &ipAddress)
    try visitor.field("user_agent", &userAgent)
    try visitor.required("created_at", &createdAt)
    try visitor.field("trace", &boxedTrace)
  }
}
