import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One written decision. A reference, so that the log can hold it twice for the price of once.
final class AuditRow: Sendable {
  let decision: Decision
  /// When it was written, in whole seconds since 1970.
  let createdAt: Int

  init(_ decision: Decision, writtenAt date: Date) {
    self.decision = decision
    createdAt = Int(date.timeIntervalSince1970.rounded(.down))
  }

  /// When it was written.
  var date: Date { Date(timeIntervalSince1970: TimeInterval(createdAt)) }
}

/// Every decision ever made, by time and by id.
struct AuditLog: Sendable {
  /// The earliest first; among equals the first written first.
  private var rows: [AuditRow] = []
  private var rowsByID: [ExactText: AuditRow] = [:]

  mutating func append(_ row: AuditRow) {
    // The clock may have gone back; it seldom does, so the place is near the end.
    let place = rows.lastIndex { $0.createdAt <= row.createdAt }.map { $0 + 1 } ?? 0
    rows.insert(row, at: place)
    rowsByID[ExactText(row.decision.auditLogID)] = row
  }

  var count: Int { rows.count }

  /// Every row, the earliest first.
  var all: [AuditRow] { rows }

  func row(id: String) -> AuditRow? { rowsByID[ExactText(id)] }

  /// The newest rows that a filter accepts, the newest first.
  func rows(_ filter: AuditFilter) -> [AuditRow] {
    var found: [AuditRow] = []
    for row in rows.reversed() {
      if found.count == filter.limit || filter.isAfter(row) { break }
      if filter.accepts(row) { found.append(row) }
    }
    return found
  }
}

extension AuditRow {
  /// The row as `audit.list` shows it.
  var answer: JSONObject {
    let actor = decision.question.actor
    return [
      "id": .string(decision.auditLogID), "space_id": .string(actor.space.id),
      "actor_user_id": .string(actor.userID), "actor_member_id": .string(actor.member.id),
      "actor_user_member_id": .string(actor.binding.id), "action": .string(decision.auditedAction),
      "resource_type": .string(decision.question.resourceType),
      "resource_id": .string(decision.question.resourceID), "decision": .string(decision.effect),
      "deny_code": .string(decision.judgement.denyCode ?? ""), "request_id": .string(decision.requestID),
      "ip_address": .string(decision.remoteAddress), "user_agent": .string(decision.userAgent),
      "created_at": .string(Timestamp.text(of: date)),
    ]
  }

  /// The row with its trace, as `audit.get` shows it.
  var detail: JSONObject {
    var detail = answer
    detail["trace"] = decision.trace
    return detail
  }
}
