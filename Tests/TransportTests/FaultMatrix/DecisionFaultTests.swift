import PlystraCore
import TestSupport
import Testing

/// Answers that could be mistaken for an allow.
@Suite("Fault matrix: decisions", .timeLimit(.minutes(minutesOfAHang)))
struct DecisionFaultTests {
  /// The decision that a check, then an explain, makes of `data`.
  private func decisions(
    _ transport: TransportUnderTest, _ data: String
  ) async throws -> [Decision] {
    let server = try RawServer.answering { _, _ in
      .text(#"{"data":\#(data),"request_id":"\#(TransportResponse.sampleRequestID)"}"#)
    }
    defer { server.stop() }
    return try await transport.run(matrix: server.url) { client in
      let authz = client.plystra.authz
      return [try await authz.check(FaultCall.question), try await authz.explain(FaultCall.question)]
    }
  }

  /// Both calls refuse a body, at the first attempt.
  private func expectRefused(
    _ transport: TransportUnderTest, _ body: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [PlystraError] {
    let server = try RawServer.answering { _, _ in .text(body) }
    defer { server.stop() }
    return try await transport.run(matrix: server.url) { client in
      var errors: [PlystraError] = []
      for call in [FaultCall.check, .explain] {
        let error = try await client.failure(of: call, sourceLocation: sourceLocation)
        #expect(error.kind == .decoding && error.attempts == 1, sourceLocation: sourceLocation)
        errors.append(error)
      }
      return errors
    }
  }

  @Test("Row 32: D without allow (explain form)", arguments: TransportUnderTest.allCases)
  func withoutAllow(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding(body: Fixtures.body("authz-explain.allow"))
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let authz = client.plystra.authz
      for decision in [
        try await authz.check(FaultCall.question), try await authz.explain(FaultCall.question),
      ] {
        #expect(decision.isAllowed && decision.effect == .allow && decision.denyCode == nil)
        #expect(decision.auditLogID == "audit_9f1c2e4b7a6d5c30")
        #expect(decision.trace?.matchedCandidates.count == 3)
      }
    }
  }

  @Test(
    "Row 33: contradictory decisions", arguments: TransportUnderTest.allCases,
    [
      #"{"allow":true,"decision":"deny"}"#,
      #"{"allow":true,"decision":"deny","deny_code":"SCOPE_OUT_OF_BOUNDS"}"#,
      #"{"allow":false,"decision":"allow"}"#,
      #"{"allow":true,"decision":"allow","deny_code":"SCOPE_OUT_OF_BOUNDS"}"#,
      #"{"decision":"allow","deny_code":"NEVER_HEARD_OF"}"#,
      #"{"allow":true,"decision":"allow","trace":{"decision":"deny"}}"#,
      #"{"decision":"deny","trace":{"decision":"allow"}}"#,
      #"{"decision":"allow","trace":{"decision":"allow","deny_code":"SCOPE_OUT_OF_BOUNDS"}}"#,
    ])
  func contradictions(_ transport: TransportUnderTest, _ data: String) async throws {
    for error in try await expectRefused(transport, #"{"data":\#(data)}"#) {
      #expect(error.message.contains("contradictory decision"))
    }
  }

  @Test(
    "Row 34: allow or decision of another type", arguments: TransportUnderTest.allCases,
    [
      #"{"allow":"true","decision":"allow"}"#, #"{"allow":1,"decision":"allow"}"#,
      #"{"allow":NaN,"decision":"allow"}"#, #"{"allow":[true],"decision":"allow"}"#,
      #"{"allow":true,"decision":1}"#, #"{"allow":true,"decision":true}"#,
      #"{"allow":true,"decision":null}"#, #"{"allow":true}"#, #"{"allow":true,"decision":["allow"]}"#,
      #"{"allow":true,"decision":"ALLOW"}"#, #"{"allow":true,"decision":"maybe"}"#,
      #"{"allow":true,"decision":""}"#, #"{"decision":"allow","deny_code":1}"#,
    ])
  func wrongTypes(_ transport: TransportUnderTest, _ data: String) async throws {
    _ = try await expectRefused(transport, #"{"data":\#(data)}"#)
  }

  @Test(
    "Row 34: decision in unknown words", arguments: TransportUnderTest.allCases,
    ["ALLOW", "maybe", "allow ", "allowed"])
  func unknownWords(_ transport: TransportUnderTest, _ word: String) async throws {
    for data in [#"{"decision":"\#(word)"}"#, #"{"allow":false,"decision":"\#(word)"}"#] {
      for decision in try await decisions(transport, data) {
        #expect(!decision.isAllowed && decision.effect.rawValue == word)
        #expect(throws: AccessDenied.self) { try decision.requireAllowed() }
      }
    }
  }

  @Test(
    "Row 35: duplicate keys", arguments: TransportUnderTest.allCases,
    [
      #"{"data":{"allow":false,"allow":true,"decision":"allow"}}"#,
      #"{"data":{"allow":true,"decision":"deny","decision":"allow"}}"#,
      #"{"data":{"allow":true,"decision":"allow","deny_code":"SCOPE_OUT_OF_BOUNDS","deny_code":null}}"#,
      #"{"data":{"allow":true,"decision":"allow","d\u0065cision":"deny"}}"#,
      #"{"data":{"decision":"deny"},"data":{"decision":"allow"}}"#,
      #"{"error":{"code":"X"},"error":null,"data":{"decision":"allow"}}"#,
      #"{"error":null,"data":{"decision":"allow"},"error":{"code":"X"}}"#,
      #"{"data":{"decision":"allow","trace":{"decision":"deny","decision":"allow"}}}"#,
    ])
  func duplicates(_ transport: TransportUnderTest, _ body: String) async throws {
    _ = try await expectRefused(transport, body)
  }

  @Test("Row 36: unknown deny code, scope, status, extra fields", arguments: TransportUnderTest.allCases)
  func unknownValues(_ transport: TransportUnderTest) async throws {
    let denied = #"{"allow":false,"decision":"deny","deny_code":"NEVER_HEARD_OF","new":{"deep":[1]}}"#
    for decision in try await decisions(transport, denied) {
      #expect(!decision.isAllowed && decision.denyCode == "NEVER_HEARD_OF")
    }
    var explained = String(decoding: try Fixtures.body("authz-explain.allow"), as: UTF8.self)
    explained = explained.replacing(#""scope":"group_tree""#, with: #""scope":"galaxy","extra":null"#)
    explained = explained.replacing(#""email":"","status":"active""#, with: #""email":"","status":"dozing""#)
    let body = explained
    let server = try RawServer.answering { _, _ in .text(body) }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let decision = try await client.plystra.authz.explain(FaultCall.question)
      #expect(decision.isAllowed)
      #expect(decision.trace?.matchedCandidates.first?.permission.scope == "galaxy")
      #expect(decision.trace?.actor.user.status == "dozing")
    }
  }
}
