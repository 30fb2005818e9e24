extension PlystraClient {
  /// The audit log: one row for every decision.
  public var audit: AuditService { AuditService(client: self) }
}

/// The audit log: one row for every decision.
public struct AuditService: Sendable {
  let client: PlystraClient

  /// Lists rows, the newest first.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; a limit outside 1…200, and a date that is not a number, are
  ///   refused before anything is sent.
  public func list(_ query: AuditQuery = AuditQuery(limit: nil)) async throws -> ResultPage<AuditLogEntry> {
    try PageLimit.validate(query.limit, operation: "audit.list")
    return try await client.page(
      .read("audit.list", "/api/v1/audit/logs", query: Self.parameters(of: query), credential: .server))
  }

  /// - Throws: ``PlystraError`` of kind `invalidRequest`, for a date that is not a number.
  private static func parameters(of query: AuditQuery) throws -> [(name: String, value: String)] {
    do {
      return try query.parameters()
    } catch let error as JSONError {
      let names = ["created_at_from": "createdAtFrom", "created_at_to": "createdAtTo"]
      throw PlystraError.invalidRequest(
        names[error.path] ?? error.path, error.reason, operation: "audit.list")
    }
  }

  /// Reads one row with the trace of its decision.
  ///
  /// - Parameter id: the row's id, any text but an empty one, `.` and `..`, which no path can hold.
  /// - Throws: ``PlystraError`` or `CancellationError`; with code `AUDIT_LOG_NOT_FOUND` when there is no such row.
  public func get(_ id: String) async throws -> AuditLogEntry {
    guard !id.isEmpty, id != ".", id != ".." else {
      throw PlystraError.invalidRequest(
        "id", "it is empty or made of dots; give an audit row's id", operation: "audit.get")
    }
    let path = "/api/v1/audit/logs/\(PathSegment.encode(id))"
    return try await client.call(.read("audit.get", path, credential: .server)).response().data
  }
}
