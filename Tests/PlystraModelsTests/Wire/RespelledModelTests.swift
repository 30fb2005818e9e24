import PlystraModels
import TestSupport
import Testing

@Suite("A model is read alike however its text is spelled")
struct RespelledModelTests {
  /// Reads a sample body spelled otherwise over and over: with space and escapes anywhere, keys in any order.
  private func check<Value: WireValue & Equatable>(_ name: String, _ type: Value.Type) throws {
    let body = try Fixtures.body(name)
    let expected = try #require(try Envelope<Value>(parsing: body).data)
    let value = try JSONValue(parsing: body)
    var source = RandomJSON(seed: UInt64(body.count))
    var random = SeededGenerator(seed: 17)
    for round in 0..<rounds(30) {
      let text = source.text(of: round % 2 == 0 ? value : value.shuffled(using: &random))
      let envelope = try Envelope<Value>(parsing: text.utf8)
      #expect(envelope.data == expected, "\(text)")
      #expect(envelope.requestID == sampleRequestID)
    }
  }

  @Test(
    "decisions",
    arguments: [
      "authz-check.allow", "authz-check.deny", "authz-explain.allow", "authz-explain.flat",
      "authz-explain.unregistered",
    ])
  func decisions(name: String) throws { try check(name, Decision.self) }

  @Test("audit rows")
  func rows() throws {
    try check("audit-list.200", [AuditLogEntry].self)
    try check("audit-detail", AuditLogEntry.self)
  }

  @Test("everything else")
  func others() throws {
    try check("capabilities", [Capability].self)
    try check("resource-types", [ResourceType].self)
    try check("actor-context", ActorSession.self)
    try check("auth-login", UserSession.self)
    try check("auth-register", Registration.self)
    try check("version", ServerVersion.self)
  }

  @Test("of a key that stands twice the last value counts, and nothing of the one before it")
  func repeated() throws {
    let trace = try DecisionTrace(
      parsing: """
        {"decision":"deny","reason":"a","space":{"id":"s1","name":"n1"},"space":{"id":"s2"},"reason":"b",
        "actor":{"user":{"id":"u1","email":"e"},"member":{"id":"m"},"user":{"id":"u2"}},
        "target":{"group":{"id":"g1","path":"p"},"group":{"id":"g2"}},"request":{"ip":"1"},"request":null}
        """.utf8)
    #expect(trace.reason == "b")
    #expect(trace.space.id == "s2" && trace.space.name == "")
    #expect(trace.actor.user.id == "u2" && trace.actor.user.email == nil && trace.actor.member.id == "m")
    #expect(trace.target.group?.id == "g2" && trace.target.group?.path == "")
    #expect(trace.request.ip == "1")
    let session = try ActorSession(
      parsing: #"{"actor":{"user_id":"u1","space_id":"s"},"actor":{"user_id":"u2"}}"#.utf8)
    #expect(session.actor == ActorIdentity(userID: "u2"))
  }

  @Test("texts that are nearly the same are told apart in long lists", arguments: [1, 2, 3] as [UInt64])
  func similarTexts(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var pool: [String] = []
    for middle in ["", "a", "b", "ab", "ba", "é", "\u{1}", "0123456789abcdef", "0123456789abcdeF"] {
      pool += ["prefix__\(middle)__suffix", "prefix_\(middle)___suffix", middle]
    }
    for _ in 0..<20 {
      let rows = (0..<60).map { _ in
        ResourceType(
          id: pool.randomElement(using: &random) ?? "", key: pool.randomElement(using: &random) ?? "",
          displayName: pool.filter { !$0.isEmpty }.randomElement(using: &random), source: "prefix____suffix")
      }
      let body = try JSONWriter.write { writer throws in
        writer.beginObject()
        writer.key("data")
        try rows.write(to: &writer)
        writer.endObject()
      }
      #expect(try Envelope<[ResourceType]>(parsing: body).data == rows)
    }
  }
}

extension JSONValue {
  /// The same value with the members of all objects in another order.
  fileprivate func shuffled(using random: inout SeededGenerator) -> JSONValue {
    switch self {
    case .array(let elements): return .array(elements.map { $0.shuffled(using: &random) })
    case .object(let object):
      let members = object.map { ($0.key, $0.value.shuffled(using: &random)) }
      return .object(JSONObject(members.shuffled(using: &random)))
    default: return self
    }
  }
}
