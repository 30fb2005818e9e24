import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Audit rows are stored and read again")
struct AuditLogEntryTests {
  @Test("a row comes back as it was, with its trace and its microseconds")
  func roundTrip() throws {
    var row = try #require(try Envelope<AuditLogEntry>(parsing: Fixtures.body("audit-detail")).data)
    row.createdAt = try #require(Timestamp.date(from: "2026-05-06T00:00:00.123456Z"))
    let restored = try JSONDecoder().decode(AuditLogEntry.self, from: JSONEncoder().encode(row))
    #expect(restored == row)
    #expect(restored.trace?.matchedCandidates.count == 3)
    #expect(Timestamp.text(of: restored.createdAt) == "2026-05-06T00:00:00.123456Z")
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .millisecondsSince1970
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(AuditLogEntry.self, from: JSONEncoder().encode(row)) == row)
  }

  @Test("200 rows come back as they were")
  func list() throws {
    let rows = try #require(try Envelope<[AuditLogEntry]>(parsing: Fixtures.body("audit-list.200")).data)
    #expect(try JSONDecoder().decode([AuditLogEntry].self, from: JSONEncoder().encode(rows)) == rows)
  }

  @Test("a row without id, decision or time is refused, and so is one that says a decision twice")
  func refusals() {
    let right = #""id":"a","decision":"deny","created_at":"2026-05-06T00:00:00Z""#
    #expect(failure { _ = try AuditLogEntry(parsing: "{\(right)}".utf8) } == nil)
    for (removed, name) in [
      (#""id":"a","#, "id"), (#""decision":"deny","#, "decision"),
      (#","created_at":"2026-05-06T00:00:00Z""#, "created_at"),
    ] {
      let text = "{\(right.replacing(removed, with: ""))}"
      #expect(failure { _ = try AuditLogEntry(parsing: text.utf8) }?.reason == "'\(name)' is missing")
    }
    for twice in [#""decision":"allow""#, #""deny_code":"X","deny_code":"""#] {
      #expect(failure { _ = try AuditLogEntry(parsing: "{\(right),\(twice)}".utf8) } != nil)
    }
  }
}
