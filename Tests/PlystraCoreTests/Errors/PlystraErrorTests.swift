import TestSupport
import Testing

@testable import PlystraCore

@Suite("The error of a failed call")
struct PlystraErrorTests {
  @Test("prints all but details on one line")
  func description() {
    let error = PlystraError(
      kind: .api, operation: "authz.check", message: "The action is not allowed.", status: 403,
      code: .authorizationDenied, denyCode: .scopeOutOfBounds, details: ["hidden": "hidden"], requestID: "r1",
      traceID: "t1", auditLogID: "a1", attempts: 2, retryAfter: .seconds(1), isRetryable: true,
      outcomeUnknown: true, underlyingError: JSONError(reason: "hidden", offset: 0))
    #expect(
      error.description
        == "authz.check: api 403 AUTHORIZATION_DENIED: The action is not allowed., "
        + "deny code SCOPE_OUT_OF_BOUNDS, request r1, trace t1, audit log a1, after 2 attempts, outcome unknown"
    )
    #expect(String(reflecting: error) == error.description)
    #expect("\(error)" == error.description)
  }

  @Test("prints what there is")
  func minimal() {
    #expect(PlystraError(kind: .timeout, message: "late").description == "timeout: late")
    #expect(
      PlystraError.configuration("deadline", "must be more than 0").description
        == "configuration: deadline: must be more than 0")
    #expect(PlystraError(kind: .api, message: "m", attempts: 1).description == "api: m")
  }

  @Test("stays on one line and short, whatever the service says")
  func hostileTexts() async throws {
    let hostile = "a\r\n2026-05-06 INFO forged\u{2028}\u{85}\u{0}\u{1B}[31m\u{202E}\u{2066}\u{7F}"
    let json = String(decoding: JSONValue.string(hostile).serialized(), as: UTF8.self)
    let body =
      #"{"error":{"code":\#(json),"message":\#(json),"request_id":\#(json),"deny_code":\#(json),"#
      + #""trace_id":\#(json),"audit_log_id":\#(json)}}"#
    let client = try Sample.client(ScriptedTransport(.answer(400, body)))
    let error = try await plystraError { try await client.system.health() }
    let bad = error.description.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format: true
      default: false
      }
    }
    #expect(bad.isEmpty)
    #expect(error.description.contains("forged"))
    #expect(error.message == hostile)

    let long = String(repeating: "x", count: 1_000_000)
    let verbose = PlystraError(
      kind: .api, message: long, code: ErrorCode(rawValue: long), denyCode: DenyCode(rawValue: long),
      requestID: long, traceID: long, auditLogID: long)
    #expect(verbose.description.utf8.count < 8_192)
    let transport = TransportError(kind: .other, message: "a\nb" + long, mayHaveBeenSent: false)
    #expect(transport.description.utf8.count < 2_048)
    #expect(!transport.description.contains("\n"))
  }

  @Test("kinds are an open set")
  func kinds() {
    #expect(PlystraError.Kind(rawValue: "later") == PlystraError.Kind(rawValue: "later"))
    #expect(PlystraError.Kind.api.description == "api")
    #expect(TransportError.Kind(rawValue: "later").description == "later")
    #expect(
      TransportError(kind: .tls, message: "expired", mayHaveBeenSent: false).description == "tls: expired")
  }
}
