import Foundation
import PlystraCore
import PlystraModels
import Testing

@Suite("A query becomes parameters of a URL")
struct AuditQueryTests {
  private let full = AuditQuery(
    spaceID: "space_acme", actorUserID: "user_1", actorMemberID: "member_1", actorUserMemberID: "um_1",
    resourceType: "invoice", resourceID: "a b&c=d/é", decision: .deny, denyCode: .scopeOutOfBounds,
    requestID: "req_1", createdAtFrom: Timestamp.date(from: "2026-05-06T02:00:00+02:00"),
    createdAtTo: Timestamp.date(from: "2026-05-07T00:00:00.5Z"), limit: 200, cursor: "next\"page\\")

  @Test("all fields, by their names and in their order, values as they are")
  func allFields() throws {
    let parameters = try full.parameters()
    #expect(
      parameters.map { "\($0.name)|\($0.value)" } == [
        "space_id|space_acme", "actor_user_id|user_1", "actor_member_id|member_1",
        "actor_user_member_id|um_1",
        "resource_type|invoice", "resource_id|a b&c=d/é", "decision|deny", "deny_code|SCOPE_OUT_OF_BOUNDS",
        "request_id|req_1", "created_at_from|2026-05-06T00:00:00Z",
        "created_at_to|2026-05-07T00:00:00.500000Z",
        "limit|200", "cursor|next\"page\\",
      ])
  }

  @Test("what is nil or blank is left out")
  func leftOut() throws {
    #expect(try AuditQuery().parameters().isEmpty)
    let blank = AuditQuery(
      spaceID: "", actorUserID: "", actorMemberID: "", actorUserMemberID: "", resourceType: "",
      resourceID: "",
      decision: "", denyCode: "", requestID: "", cursor: "")
    #expect(try blank.parameters().isEmpty)
    #expect(try AuditQuery(limit: 1).parameters().map { "\($0.name)=\($0.value)" } == ["limit=1"])
    #expect(try AuditQuery(resourceID: "7", limit: -3).parameters().map(\.value) == ["7", "-3"])
    #expect(
      try AuditQuery(resourceID: "true", requestID: "null").parameters().map(\.value) == ["true", "null"])
  }

  @Test("a query is stored and read again")
  func codable() throws {
    for query in [full, AuditQuery()] {
      #expect(try JSONDecoder().decode(AuditQuery.self, from: JSONEncoder().encode(query)) == query)
    }
  }
}
