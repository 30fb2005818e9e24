import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Decisions and their parts are stored and read again")
struct DecisionCodableTests {
  static let decisions = [
    "authz-check.allow", "authz-check.deny", "authz-explain.allow", "authz-explain.flat",
    "authz-explain.unregistered",
  ]

  private func decision(_ name: String) throws -> Decision {
    try #require(try Envelope<Decision>(parsing: Fixtures.body(name)).data)
  }

  private func stored(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  @Test("a decision comes back as it was", arguments: decisions)
  func roundTrip(name: String) throws {
    for original in [try decision(name), try decision(name).adopting("req_1")] {
      let data = try JSONEncoder().encode(original)
      let restored = try JSONDecoder().decode(Decision.self, from: data)
      #expect(restored == original)
      #expect(restored.isAllowed == original.isAllowed)
      #expect(restored.requestID == original.requestID)
      #expect(restored.trace == original.trace)
      #expect(
        try PropertyListDecoder().decode([Decision].self, from: PropertyListEncoder().encode([original]))
          .count == 1)
    }
  }

  @Test("it is stored under the names of the wire, and is read as an answer is")
  func wireNames() throws {
    let value = try json(stored(decision("authz-check.deny").adopting("req_1")))
    #expect(
      value["allow"] == false && value["decision"] == "deny" && value["deny_code"] == "SCOPE_OUT_OF_BOUNDS")
    #expect(value["trace_id"] == "trc_9f1c2e4b7a6d5c30" && value["request_id"] == "req_1")
    let answer = "{\"data\":\(value)}"
    #expect(
      try Envelope<Decision>(parsing: answer.utf8).data == decision("authz-check.deny").adopting("req_1")
    )
  }

  @Test("a decision that was tampered with is refused")
  func tampered() throws {
    let deny = try stored(decision("authz-check.deny"))
    let allow = try stored(decision("authz-explain.allow"))
    let unregistered = try stored(decision("authz-explain.unregistered"))
    for (text, from, to) in [
      (deny, #""allow":false"#, #""allow":true"#), (deny, #""decision":"deny""#, #""decision":"allow""#),
      (deny, #""allow":false"#, #""allow":"true""#), (deny, #""allow":false"#, #""allow":1"#),
      (allow, #""allow":true"#, #""allow":false"#),
      (allow, #""allow":true"#, #""allow":true,"deny_code":"X""#),
      (unregistered, #""allow":false"#, #""allow":true"#),
    ] {
      let changed = text.replacing(from, with: to)
      #expect(changed != text, "\(from)")
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Decision.self, from: Data(changed.utf8))
      }
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([String: [Decision]].self, from: Data("{\"k\":[\(changed)]}".utf8))
      }
    }
    // Every word for "deny" changed, and the codes left standing.
    let changed = unregistered.replacing(#""deny""#, with: #""allow""#).replacing(":false", with: ":true")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Decision.self, from: Data(changed.utf8)) }
  }

  @Test("what refuses a stored decision names its place, in the terms of the decoder")
  func decodingError() throws {
    struct Record: Codable { var decisions: [Decision] }
    let text = #"{"decisions":[{"decision":"deny"},{"decision":"allow","allow":false}]}"#
    let error = try #require(throws: DecodingError.self) {
      try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["decisions", "Index 1"])
    #expect(context.debugDescription.contains("contradictory decision"))
    #expect(context.underlyingError is JSONError)
  }

  @Test("a stored decision that has a key twice is refused by the strict reader")
  func repeatedKeys() throws {
    let text = #"{"decision":"allow","allow":true,"decision":"deny"}"#
    // Foundation keeps the first, which the reader after it cannot see.
    #expect(try JSONDecoder().decode(Decision.self, from: Data(text.utf8)).isAllowed)
    for key in ["decision", "deny_code", "allow", "audit", "trace"] {
      let value = ["decision": #""allow""#, "allow": "true", "deny_code": "null"][key] ?? "{}"
      let twice = "{\"\(key)\":\(value),\"decision\":\"allow\",\"\(key)\":\(value)}"
      let error = try #require(failure { _ = try Decision(parsing: twice.utf8) }, "\(key)")
      #expect(error.reason.contains("appears twice") || key == "trace", "\(error)")
    }
    #expect(failure { _ = try Decision(parsing: text.utf8) } != nil)
    #expect(failure { _ = try DecisionTrace(parsing: text.utf8) }?.reason.contains("appears twice") == true)
  }

  @Test("the strict reader reads what was stored", arguments: decisions)
  func parsing(name: String) throws {
    let original = try decision(name)
    let data = try JSONEncoder().encode(original)
    #expect(try Decision(parsing: data) == original)
    #expect(try Decision(parsing: Array(data).reversed().reversed()) == original)
    if let trace = original.trace {
      #expect(try DecisionTrace(parsing: JSONEncoder().encode(trace)) == trace)
    }
    for bad in ["", "{}", "[]", #"{"decision":"allow","allow":false}"#, #"{"decision":"deny"}x"#] {
      #expect(failure { _ = try Decision(parsing: bad.utf8) } != nil, "\(bad)")
    }
    #expect(failure { _ = try DecisionTrace(parsing: "{}".utf8) } != nil)
  }

  @Test("settings of an encoder or decoder that rename keys change nothing")
  func keyStrategies() throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for name in Self.decisions {
      let original = try decision(name).adopting("req_1")
      #expect(try decoder.decode(Decision.self, from: encoder.encode(original)) == original)
      #expect(try JSONDecoder().decode(Decision.self, from: encoder.encode(original)) == original)
      #expect(try decoder.decode(Decision.self, from: JSONEncoder().encode(original)) == original)
    }
    let denied = Data(#"{"decision":"allow","deny_code":"SCOPE_OUT_OF_BOUNDS"}"#.utf8)
    #expect(throws: DecodingError.self) { try decoder.decode(Decision.self, from: denied) }
    let metadata: JSONObject = ["camelCase": 1, "snake_case": ["innerKey": 2, "inner_key": 3]]
    let resource = ResourceContext(type: "invoice", groupPath: "a.b", metadata: metadata)
    #expect(try decoder.decode(ResourceContext.self, from: encoder.encode(resource)) == resource)
  }

  @Test("a trace comes back as it was", arguments: ["authz-explain.allow", "authz-explain.unregistered"])
  func trace(name: String) throws {
    let trace = try #require(try decision(name).trace)
    #expect(try JSONDecoder().decode(DecisionTrace.self, from: JSONEncoder().encode(trace)) == trace)
    var changed = trace
    changed.matchedCandidates.append(DecisionTrace.Candidate())
    changed.actor.userMember.expiresAt = Timestamp.date(from: "2026-05-05T00:00:00.25Z")
    #expect(try JSONDecoder().decode(DecisionTrace.self, from: JSONEncoder().encode(changed)) == changed)
    #expect(changed != trace)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(DecisionTrace.self, from: Data("{}".utf8))
    }
  }

  @Test("an audit record comes back as it was, and a wrong one is refused")
  func audit() throws {
    let audit = try #require(try decision("authz-check.deny").audit)
    #expect(try JSONDecoder().decode(DecisionAudit.self, from: JSONEncoder().encode(audit)) == audit)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(DecisionAudit.self, from: Data(#"{"decision":5}"#.utf8))
    }
  }
}
