import PlystraCore
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

  @Test(
    "a key that appears twice is refused at any depth, known or not",
    arguments: [
      #"{"decision":"deny","reason":"a","reason":"a"}"#, #"{"decision":"deny","x":1,"x":1}"#,
      #"{"decision":"deny","actor":{"user":{"id":"u1"},"user":{"id":"u2"}}}"#,
      #"{"decision":"deny","x":[{"y":{"z":1,"\u007a":2}}]}"#,
      #"{"decision":"deny","request":null,"request":null}"#,
      #"{"decision":"deny","target":{"resource":{"id":"r","x":{"y":1,"y":2}}}}"#,
    ])
  func repeated(text: String) throws {
    let error = try #require(failure { _ = try DecisionTrace(parsing: text.utf8) })
    #expect(error.reason.contains("appears twice"))
  }

  @Test("metadata and details belong to applications, and may repeat a key")
  func repeatedInMetadata() throws {
    let trace = try DecisionTrace(
      parsing:
        #"{"decision":"deny","target":{"resource":{"metadata":{"a":1,"a":2}}},"x":{"details":{"b":1,"b":2}}}"#
        .utf8)
    #expect(trace.target.resource.metadata == ["a": 2])
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
      let body = try JSONWriter.write { writer in
        writer.beginObject()
        writer.key("data")
        rows.write(to: &writer)
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
