import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Fields are found wherever they stand")
struct FieldReadingTests {
  private static let members = [
    #""user_member_id":"um_1""#, #""user_id":"u_1""#, #""user_email":"a@example.com""#, #""member_id":"m_1""#,
    #""member_display_name":"M""#, #""space_id":"s_1""#, #""space_name":"S""#, #""relation_type":"login""#,
    #""is_primary":true"#,
  ]
  private let expected = MemberBinding(
    userMemberID: "um_1", userID: "u_1", userEmail: "a@example.com", memberID: "m_1", memberDisplayName: "M",
    spaceID: "s_1", spaceName: "S", relationType: "login", isPrimary: true)

  @Test("in any order, with unknown ones anywhere between")
  func anyOrder() throws {
    var random = SeededGenerator(seed: 5)
    var source = RandomJSON(seed: 6)
    for _ in 0..<300 {
      var members = Self.members.shuffled(using: &random)
      for index in 0..<Int.random(in: 0..<6, using: &random) {
        let unknown = "\"unknown_\(index)\":\(source.text(of: source.value()))"
        members.insert(unknown, at: Int.random(in: 0...members.count, using: &random))
      }
      let text = "{" + members.joined(separator: ", ") + "}"
      #expect(try MemberBinding(parsing: text.utf8) == expected, "\(text)")
    }
  }

  @Test("in the reverse order, and with a key that begins as another one does")
  func reverse() throws {
    #expect(
      try MemberBinding(parsing: "{\(Self.members.reversed().joined(separator: ","))}".utf8) == expected)
    let lookalikes = [
      #""user_member_i":1"#, #""user_member_idx":2"#, #""USER_ID":3"#, #""":4"#, #""user_id\u0000":5"#,
    ]
    let others = [#""user_member_id_":1"#, #""ser_id":2"#, #""User_id":3"#, #"" ":4"#]
    let text = "{" + (lookalikes + Self.members + others).joined(separator: ",") + "}"
    #expect(try MemberBinding(parsing: text.utf8) == expected)
  }

  @Test("null, an empty text and absence mean none")
  func blank() throws {
    let absent = try MemberBinding(parsing: #"{"user_member_id":"um_1"}"#.utf8)
    #expect(absent == MemberBinding(userMemberID: "um_1"))
    for value in ["null", "\"\""] {
      let text =
        "{\"user_member_id\":\"um_1\",\"user_id\":\(value),\"space_name\":\(value),\"is_primary\":null}"
      #expect(try MemberBinding(parsing: text.utf8) == absent)
    }
  }

  @Test("a field without which the object means nothing must be there")
  func required() {
    #expect(failure { _ = try MemberBinding(parsing: "{}".utf8) }?.reason == "'user_member_id' is missing")
    let null = #"{"user_member_id":null}"#
    #expect(failure { _ = try MemberBinding(parsing: null.utf8) }?.path == "user_member_id")
    #expect(failure { _ = try ResourceType(parsing: #"{"id":"rt"}"#.utf8) }?.reason == "'key' is missing")
    #expect(failure { _ = try ResourceType(parsing: #"{"key":"k"}"#.utf8) }?.reason == "'id' is missing")
  }

  @Test("a required field that only a nested object has is still missing")
  func requiredIsPerObject() throws {
    let text = #"{"user":{"id":"u","access_token":"a","refresh_token":"r"},"access_token":"a"}"#
    #expect(failure { _ = try UserSession(parsing: text.utf8) }?.reason == "'refresh_token' is missing")
  }

  @Test("a list of objects reads each of them afresh")
  func listElements() throws {
    let text = #"{"data":[{"id":"1","key":"a","source":"core"},{"key":"b","id":"2"},{"id":"3","key":"c"}]}"#
    let types = try #require(try Envelope<[ResourceType]>(parsing: text.utf8).data)
    #expect(types.map(\.id) == ["1", "2", "3"])
    #expect(types.map(\.source) == ["core", nil, nil])
    let missing = #"{"data":[{"id":"1","key":"a"},{"id":"2"}]}"#
    let error = try #require(failure { _ = try Envelope<[ResourceType]>(parsing: missing.utf8) })
    #expect(error.reason == "'key' is missing")
    #expect(error.path == "data[1]")
  }

  @Test("a list that is null is empty, an element that is null is refused")
  func nullLists() throws {
    #expect(try ActorSession(parsing: #"{"available_members":null}"#.utf8).availableMembers == [])
    #expect(
      failure { _ = try ActorSession(parsing: #"{"available_members":[null]}"#.utf8) }?.path
        == "available_members[0]")
  }

  @Test("a table of texts takes texts only")
  func tables() throws {
    let ready = try Readiness(parsing: #"{"status":"ready","system_capabilities":{"b":"x","a":"y"}}"#.utf8)
    #expect(ready.systemCapabilities == ["a": "y", "b": "x"])
    #expect(
      try Readiness(parsing: #"{"status":"ready","system_capabilities":null}"#.utf8).systemCapabilities == [:]
    )
    let wrong = #"{"status":"ready","system_capabilities":{"a":"y","b":1}}"#
    #expect(failure { _ = try Readiness(parsing: wrong.utf8) }?.path == "system_capabilities.b")
    #expect(try ready.serialized().text == #"{"status":"ready","system_capabilities":{"a":"y","b":"x"}}"#)
  }
}
