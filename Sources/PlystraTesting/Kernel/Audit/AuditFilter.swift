import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `audit.list` is asked for (contract §5).
struct AuditFilter {
  typealias Field = @Sendable (AuditRow) -> String

  let limit: Int
  private var wanted: [(field: Field, value: String)] = []
  /// Moments as seconds since 1970, both inclusive.
  private let from: TimeInterval?
  private let to: TimeInterval?

  private static let limits = 1...200
  private static let defaultLimit = 50

  private static let fields: [(name: String, field: Field)] = [
    ("space_id", { $0.decision.question.actor.space.id }),
    ("actor_user_id", { $0.decision.question.actor.userID }),
    ("actor_member_id", { $0.decision.question.actor.member.id }),
    ("actor_user_member_id", { $0.decision.question.actor.binding.id }),
    ("resource_type", { $0.decision.question.resourceType }),
    ("resource_id", { $0.decision.question.resourceID }),
    ("decision", { $0.decision.effect }),
    ("deny_code", { $0.decision.judgement.denyCode ?? "" }),
    ("request_id", { $0.decision.requestID }),
  ]

  /// Reads a query; what it does not say is not filtered by.
  init(_ target: RequestTarget) throws(KernelFailure) {
    from = try Self.moment("created_at_from", in: target)
    to = try Self.moment("created_at_to", in: target)
    let limit = target.parameter("limit").flatMap { Int($0) } ?? Self.defaultLimit
    self.limit = Self.limits.contains(limit) ? limit : Self.defaultLimit
    for (name, field) in Self.fields {
      if let value = target.parameter(name) { wanted.append((field, value)) }
    }
  }

  private static func moment(
    _ name: String, in target: RequestTarget
  ) throws(KernelFailure) -> TimeInterval? {
    guard let text = target.parameter(name) else { return nil }
    guard let date = Timestamp.date(from: text) else {
      throw .validation("\(name) must be RFC3339.", details: "such as 2026-05-06T00:15:00Z")
    }
    return date.timeIntervalSince1970
  }

  func accepts(_ row: AuditRow) -> Bool {
    let createdAt = TimeInterval(row.createdAt)
    return createdAt >= from ?? createdAt && createdAt <= to ?? createdAt
      && wanted.allSatisfy { $0.field(row).isExactly($0.value) }
  }

  /// Whether the filter accepts only what was written after a row, and so no earlier one either.
  func isAfter(_ row: AuditRow) -> Bool { from.map { TimeInterval(row.createdAt) < $0 } ?? false }
}
