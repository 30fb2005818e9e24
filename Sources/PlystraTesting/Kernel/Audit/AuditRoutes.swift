import PlystraCore

// `audit.list` and `audit.get` (contract §5).
extension Exchange {
  /// A credential that reaches some spaces only must say in the query which of them it asks for.
  func listAuditLogs(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .readAudit, now: now)
    guard authority.isUnlimited || request.target.parameter("space_id").map(authority.reaches) ?? false else {
      throw authority.outOfReach
    }
    let filter = try AuditFilter(request.target)
    return KernelReply(list: state.audit.rows(filter).map { .object($0.answer) }, limit: filter.limit)
  }

  /// To a credential that reaches some spaces only, a row elsewhere and none at all look the same.
  func auditLog(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .readAudit, now: now)
    let row = state.audit.row(id: pathArgument)
    let spaceID = row?.decision.question.actor.space.id
    guard authority.isUnlimited || spaceID.map(authority.reaches) ?? false else {
      throw authority.outOfReach
    }
    guard let row else { throw .auditLogNotFound }
    return KernelReply(.object(row.detail))
  }
}
