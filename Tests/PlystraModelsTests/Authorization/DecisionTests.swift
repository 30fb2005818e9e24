import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("A decision fails closed")
struct DecisionTests {
  private func decision(_ members: String) throws -> Decision? {
    try Envelope<Decision>(parsing: "{\"data\":{\(members)},\"request_id\":\"req_1\"}".utf8).data
  }

  private func refusal(of members: String) -> JSONError? { failure { _ = try decision(members) } }

  @Test(
    "what says exactly allow is allowed",
    arguments: [
      #""allow":true,"decision":"allow""#, #""decision":"allow","allow":true,"deny_code":null"#,
      #""decision":"allow""#, #""decision":"allow","deny_code":"""#,
      #""decision":"\u0061llow","\u0061llow":true"#,
      #""decision":"allow","trace":null"#, #""decision":"allow","trace":{"decision":"allow","deny_code":""}"#,
      #""new_field":{"allow":false,"decision":"deny"},"decision":"allow""#,
      #""decision":"allow","Allow":false,"Decision":"deny""#,
    ])
  func allowed(members: String) throws {
    let decision = try #require(try decision(members))
    #expect(decision.isAllowed)
    #expect(decision.effect == .allow && decision.denyCode == nil)
  }

  @Test(
    "what says anything else is not",
    arguments: [
      #""allow":false,"decision":"deny","deny_code":"SCOPE_OUT_OF_BOUNDS""#,
      #""allow":false,"decision":"deny""#,
      #""decision":"deny""#, #""decision":"deny","deny_code":"NEW_CODE_OF_TOMORROW""#, #""decision":"""#,
      #""decision":"ALLOW""#, #""decision":"Allow""#, #""decision":" allow""#, #""decision":"allow ""#,
      #""decision":"allow\u0000""#, #""decision":"аllow""#, #""decision":"ａllow""#, #""decision":"allowed""#,
      #""decision":"maybe""#, #""decision":"true""#, #""decision":"ALLOW","allow":false"#,
      #""decision":"maybe","allow":false,"deny_code":"X""#, #""decision":"deny","trace":{"decision":"deny"}"#,
    ])
  func notAllowed(members: String) throws {
    let decision = try #require(try decision(members))
    #expect(!decision.isAllowed)
    #expect(throws: AccessDenied(decision: decision)) { try decision.requireAllowed() }
  }

  @Test(
    "what contradicts itself is refused",
    arguments: [
      #""allow":true,"decision":"deny""#, #""allow":false,"decision":"allow""#,
      #""decision":"deny","allow":true"#,
      #""decision":"allow","allow":false"#, #""allow":true,"decision":"deny","deny_code":"X""#,
      #""allow":true,"decision":"allow","deny_code":"SCOPE_OUT_OF_BOUNDS""#,
      #""decision":"allow","deny_code":"X""#,
      #""deny_code":"X","decision":"allow""#, #""deny_code":" ","decision":"allow""#,
      #""allow":true,"decision":"ALLOW""#, #""allow":true,"decision":"maybe""#,
      #""allow":true,"decision":"""#,
      #""decision":"allow","trace":{"decision":"deny"}"#, #""decision":"deny","trace":{"decision":"allow"}"#,
      #""decision":"allow","trace":{"decision":"ALLOW"}"#, #""decision":"allow","trace":{"decision":""}"#,
      #""trace":{"decision":"deny","deny_code":"X"},"allow":true,"decision":"allow""#,
      #""decision":"allow","trace":{"decision":"allow","deny_code":"X"}"#,
      #""decision":"maybe","trace":{"decision":"allow"}"#,
      #""trace_version":"1.0","decision":"allow","deny_code":"X","reason":"r""#,
    ])
  func contradiction(members: String) throws {
    let error = try #require(refusal(of: members))
    #expect(error.reason.hasPrefix("contradictory decision"))
    #expect(error.path == "data")
    #expect(!error.isPremature)
  }

  @Test("an audit record decides nothing")
  func auditBeside() throws {
    let decision = try #require(
      try decision(#""decision":"allow","audit":{"decision":"deny","deny_code":"X"}"#))
    #expect(decision.isAllowed && decision.audit?.decision == .deny)
  }

  @Test(
    "a wrong type is refused, on an allow and on a deny",
    arguments: [
      #""allow":"true""#, #""allow":1"#, #""allow":0"#, #""allow":NaN"#, #""allow":True"#, #""allow":"""#,
      #""allow":null"#, #""allow":[]"#, #""allow":{}"#, #""allow":[true]"#, #""allow":1.0"#, #""allow":tru"#,
      #""deny_code":5"#, #""deny_code":false"#, #""deny_code":[]"#, #""deny_code":{}"#, #""trace":"allow""#,
      #""trace":true"#, #""trace":[]"#, #""trace":{}"#, #""trace":{"decision":null}"#,
      #""trace":{"decision":1}"#,
      #""trace":{"decision":"allow","deny_code":1}"#, #""audit":[]"#, #""audit":{"decision":5}"#,
      #""reason":7"#,
      #""trace_id":{}"#, #""audit_log_id":7"#,
    ])
  func wrongType(member: String) {
    for effect in ["allow", "deny", "maybe"] {
      #expect(refusal(of: "\(member),\"decision\":\"\(effect)\"") != nil)
      #expect(refusal(of: "\"decision\":\"\(effect)\",\(member)") != nil)
    }
  }

  @Test(
    "a decision that is missing or no text is refused",
    arguments: [
      "", #""allow":true"#, #""allow":false"#, #""allow":true,"deny_code":null,"reason":"x""#,
      #""decision":5,"allow":true"#, #""decision":1"#, #""decision":null"#, #""decision":null,"allow":true"#,
      #""decision":true"#, #""decision":["allow"]"#, #""decision":{"allow":true}"#, #""decision":allow"#,
      #""Decision":"allow","allow":true"#, #""decision ":"allow","allow":true"#,
      #""trace":{"decision":"allow"}"#,
    ])
  func missingDecision(members: String) {
    #expect(refusal(of: members) != nil)
  }

  @Test("what appears twice is refused, however it is spelled and whether or not it is the same")
  func twice() throws {
    let pairs = [
      ("allow", ["true", "false"]), ("decision", ["\"allow\"", "\"deny\""]),
      ("deny_code", ["null", "\"X\"", "\"\""]),
      ("trace", ["null", "{\"decision\":\"allow\"}", "{\"decision\":\"deny\"}"]),
    ]
    let rest = #""reason":"r","x":[1,2]"#
    for (key, values) in pairs {
      for (first, second) in values.flatMap({ value in values.map { (value, $0) } }) {
        for (one, other) in [
          (key, key), (key, escaped(key)), (escaped(key), key), (escaped(key), escaped(key)),
        ] {
          for middle in ["", rest + ","] {
            let twice = "\"\(one)\":\(first),\(middle)\"\(other)\":\(second)"
            for effect in ["\"decision\":\"allow\",", "\"decision\":\"deny\",", ""]
            where key != "decision" || effect == "" {
              #expect(refusal(of: effect + twice) != nil, "\(effect)\(twice)")
              #expect(judged(Array("{\"data\":{\(twice),\(effect)\"y\":0}}".utf8)) == .refused)
            }
          }
        }
      }
    }
    let error = try #require(refusal(of: #""allow":true,"decision":"allow","\u0061llow":true"#))
    #expect(error.reason == "'allow' appears twice, and parsers disagree on which counts")
    #expect(error.path == #"data.\u0061llow"#)
  }

  /// A key with its first letter and its last escaped.
  private func escaped(_ key: String) -> String {
    let hex = key.utf8.map { String($0, radix: 16) }
    return "\\u00\(hex[0])" + key.dropFirst().dropLast() + "\\u00\(hex[hex.count - 1])"
  }

  @Test("what appears twice in a trace or an audit record is refused, too")
  func twiceBeneath() {
    for key in ["trace", "audit"] {
      #expect(
        refusal(of: "\"decision\":\"allow\",\"\(key)\":{\"decision\":\"deny\",\"decision\":\"allow\"}") != nil
      )
      let codes = "\"\(key)\":{\"decision\":\"allow\",\"deny_code\":\"X\",\"deny_code\":null}"
      #expect(refusal(of: "\"decision\":\"allow\",\(codes)") != nil)
    }
    #expect(
      refusal(of: #""decision":"allow","audit":{"decision":"deny"},"audit":{"decision":"allow"}"#) != nil)
  }

  @Test("data or error that stand twice hide no allow")
  func twiceAround() {
    let allow = #"{"allow":true,"decision":"allow"}"#
    let deny = #"{"allow":false,"decision":"deny"}"#
    for text in [
      "{\"data\":\(deny),\"data\":\(allow)}", "{\"data\":\(allow),\"data\":\(deny)}",
      "{\"data\":\(deny),\"d\\u0061ta\":\(allow)}", "{\"d\\u0061ta\":\(allow),\"data\":\(deny)}",
      "{\"data\":\(allow),\"data\":\(allow)}", "{\"data\":\(allow),\"error\":null,\"error\":{}}",
      "{\"error\":{},\"error\":null,\"data\":\(allow)}",
      "{\"error\":{},\"\\u0065rror\":null,\"data\":\(allow)}",
      "{\"error\":{},\"data\":\(allow)}", "{\"data\":\(allow),\"error\":\"denied\"}",
      "{\"data\":\(allow),\"error\":false}", "{\"data\":\(allow),\"error\":[]}", "{\"data\":\(allow)}x",
      "{\"data\":\(allow)},", "[{\"data\":\(allow)}]", "{\"data\":[\(allow)]}",
      "{\"data\":\"\(allow.count)\"}",
      "{\"result\":\(allow)}", allow, "{\"data\":\(allow)", "{\"data\":\(allow),}",
      "{\"data\":{\"data\":\(allow)}}",
    ] {
      #expect(judged(Array(text.utf8)) == .refused, "\(text)")
      #expect(ReferenceDecision(Array(text.utf8)) == .refused, "\(text)")
    }
    #expect(judged(Array("{\"data\":\(allow),\"error\":null}".utf8)) == .allowed)
  }

  @Test("an invalid text in a field that nobody reads spoils the decision all the same")
  func invalidElsewhere() {
    let allow = #""allow":true,"decision":"allow""#
    #expect(refusal(of: allow) == nil)
    for junk in [
      #""x":"\ud800""#, #""x":01"#, #""x":1e400"#, #""x":[1,]"#, #""\x":1"#, #""x":nul"#, "\"x\":\"\u{1}\"",
    ] {
      #expect(refusal(of: "\(allow),\(junk)") != nil, "\(junk)")
      #expect(refusal(of: "\(junk),\(allow)") != nil, "\(junk)")
    }
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
      for key in [true, false] {
        let quoted = Array("\"".utf8) + bytes + Array("\"".utf8)
        let member = key ? quoted + Array(":1".utf8) : Array("\"x\":".utf8) + quoted
        #expect(judged(Array("{\"data\":{\(allow),".utf8) + member + Array("}}".utf8)) == .refused)
        #expect(judged(Array("{".utf8) + member + Array(",\"data\":{\(allow)}}".utf8)) == .refused)
      }
    }
  }

  @Test("an explained allow has its ids from the audit record")
  func idsOfExplainForm() throws {
    let members = #""trace_version":"1.0","trace_id":"t","decision":"allow","audit":{"audit_log_id":"a"}"#
    let explained = try #require(try decision(members))
    #expect(explained.auditLogID == "a" && explained.traceID == "t")
    #expect(explained.trace?.audit.auditLogID == "a")
    let flat =
      #""decision":"allow","trace":{"decision":"allow","trace_id":"t","reason":"r","audit":{"audit_log_id":"a"}}"#
    let beneath = try #require(try decision(flat))
    #expect(beneath.auditLogID == "a" && beneath.traceID == "t" && beneath.reason == "r")
    #expect(beneath.audit?.auditLogID == "a")
    let both =
      #""decision":"deny","audit_log_id":"outer","trace_id":"o","reason":"x","audit":{"audit_log_id":"inner"}"#
    let outer = try #require(try decision(both))
    #expect(outer.auditLogID == "outer" && outer.traceID == "o" && outer.reason == "x" && outer.trace == nil)
  }

  @Test("unknown codes, scopes and statuses are kept as they came")
  func unknownWords() throws {
    let members = #"""
      "trace_version":"2.0","decision":"deny","deny_code":"NEW_CODE","brand_new":{"a":[1]},
      "actor":{"user":{"id":"u","status":"dreaming"}},
      "matched_candidates":[{"permission":{"scope":"planet"},"scope_check":{"deny_code":"OTHER","covered":false}}]
      """#
    let decision = try #require(try decision(members))
    #expect(decision.denyCode?.rawValue == "NEW_CODE")
    #expect(decision.trace?.traceVersion == "2.0")
    #expect(decision.trace?.actor.user.status == "dreaming")
    #expect(decision.trace?.matchedCandidates.first?.permission.scope.rawValue == "planet")
    #expect(decision.trace?.matchedCandidates.first?.scopeCheck.denyCode?.rawValue == "OTHER")
  }

  @Test("a decision made by hand is allowed only with an allow and without a deny code")
  func madeByHand() throws {
    #expect(Decision(effect: .allow).isAllowed)
    #expect(try Decision(effect: .allow, reason: "r").requireAllowed().reason == "r")
    for decision in [
      Decision(effect: .deny), Decision(effect: .allow, denyCode: .scopeOutOfBounds), Decision(effect: ""),
      Decision(effect: "ALLOW"), Decision(effect: .allow, denyCode: ""),
    ] {
      #expect(!decision.isAllowed)
      #expect(throws: AccessDenied.self) { try decision.requireAllowed() }
    }
  }

  @Test("the error of a denied decision carries it, and says why on one line")
  func accessDenied() throws {
    let body = try Fixtures.body("authz-check.deny")
    let decision = try #require(try Envelope<Decision>(parsing: body).data)
    let error = try #require(throws: AccessDenied.self) { try decision.requireAllowed() }
    #expect(error.decision == decision)
    #expect(
      error.description == "access denied (SCOPE_OUT_OF_BOUNDS): matching permission grants do not cover the "
        + "target resource scope, trace trc_9f1c2e4b7a6d5c30, audit log audit_9f1c2e4b7a6d5c30")
    #expect(AccessDenied(decision: Decision(effect: .deny)).description == "access denied")
  }

  @Test("a hostile reason cannot add a line to a log")
  func hostileReason() {
    let hostile = hostileText
    let decision = Decision(
      effect: .deny, denyCode: DenyCode(rawValue: hostile), reason: hostile, traceID: hostile,
      auditLogID: hostile)
    #expect(isOneLine(AccessDenied(decision: decision).description))
    #expect(isOneLine(DenyCode(rawValue: hostile).description))
    #expect(isOneLine(JSONValue.string(hostile).description))
    #expect(isOneLine(JSONError(reason: hostile, offset: 0, path: hostile).description))
  }

  @Test("the id of the call is added where there is none")
  func requestID() {
    let decision = Decision(effect: .allow, traceID: "t", trace: DecisionTrace())
    let named = decision.adopting("req_1")
    #expect(named.requestID == "req_1")
    #expect(named.adopting("req_2").requestID == "req_1")
    #expect(named == Decision(effect: .allow, traceID: "t", requestID: "req_1", trace: DecisionTrace()))
    #expect(named != decision && Set([named, named, decision]).count == 2)
  }
}
