import TestSupport
import Testing

@testable import PlystraCore

@Suite("What a response becomes (contract §2)")
struct ResponseReaderTests {
  private func error(
    _ status: Int, _ body: String, headers: TransportHeaders = [:], of call: CallCase? = nil
  ) async throws -> PlystraError {
    let transport = ScriptedTransport(thenAlways: .answer(status, body, headers: headers))
    let client = try Sample.client(transport, accessToken: Sample.accessToken, configuration: .anyID)
      .with(retryPolicy: .never)
    return try await plystraError {
      if let call { return try await call.run(client) }
      return try await client.authz.check(Sample.question)
    }
  }

  @Test("every part of an error envelope")
  func envelope() async throws {
    let error = try await error(403, String(decoding: Fixtures.body("error.403.denied"), as: UTF8.self))
    #expect(error.kind == .api)
    #expect(error.operation == "authz.check")
    #expect(error.message == "The action is not allowed.")
    #expect(error.status == 403)
    #expect(error.code == .authorizationDenied)
    #expect(error.denyCode == .scopeOutOfBounds)
    #expect(error.details == nil)
    #expect(error.requestID == "req_01hzyj6b6q8")
    #expect(error.traceID == "trc_9f1c2e4b7a6d5c30")
    #expect(error.auditLogID == "audit_9f1c2e4b7a6d5c30")
    #expect(error.attempts == 1)
    #expect(error.retryAfter == nil)
    #expect(error.underlyingError == nil)
  }

  @Test(
    "the samples of errors",
    arguments: [
      ("error.401", 401, ErrorCode.authenticationRequired, nil),
      ("error.401.session-expired", 401, .sessionExpired, nil),
      ("error.403", 403, .adminPermissionRequired, ["permission": "audit:read"]),
      ("error.429", 429, .authRateLimited, ["retry_after_seconds": 900]),
      ("error.503", 503, .notReady, "dial tcp 127.0.0.1:5432: connect: connection refused"),
      ("error.meta-request-id", 400, .validationFailed, []),
    ] as [(String, Int, ErrorCode, JSONValue?)])
  func samples(fixture: String, status: Int, code: ErrorCode, details: JSONValue?) async throws {
    let error = try await error(status, String(decoding: Fixtures.body(fixture), as: UTF8.self))
    #expect(error.kind == .api)
    #expect(error.code == code)
    #expect(error.status == status)
    #expect(error.details == details)
    #expect(error.requestID == "req_01hzyj6b6q8")
  }

  @Test(
    "the request id: of the error, the envelope, its meta, the header, the call",
    arguments: [
      (#"{"error":{"request_id":"a"},"request_id":"b","meta":{"request_id":"c"}}"#, "a"),
      (#"{"error":{"request_id":""},"request_id":"b","meta":{"request_id":"c"}}"#, "b"),
      (#"{"error":{"request_id":7},"request_id":"b"}"#, "b"),
      (#"{"error":{},"request_id":null,"meta":{"request_id":"c"}}"#, "c"),
      (#"{"error":{},"request_id":[1],"meta":{"request_id":7}}"#, "d"),
      (#"{"error":{},"meta":"c"}"#, "d"), (#"{}"#, "d"), ("<html>", "d"), ("", "d"),
    ])
  func requestIDs(body: String, expected: String) async throws {
    #expect(try await error(400, body, headers: ["x-request-id": "d"]).requestID == expected)
    let bare = try await error(400, body).requestID
    #expect(bare == (expected == "d" ? Sample.requestID : expected))
    #expect(try await error(400, "{}", headers: ["X-Request-ID": ""]).requestID == Sample.requestID)
  }

  @Test("header fields stand in for what the body lacks, and only for that")
  func headerFallbacks() async throws {
    let headers: TransportHeaders = [
      "x-plystra-error-code": "FEATURE_DISABLED", "x-plystra-trace-id": "trc_h",
      "x-plystra-audit-log-id": "audit_h",
    ]
    let missing = try await error(404, #"{"error":{"code":null,"trace_id":""}}"#, headers: headers)
    #expect(missing.code == .featureDisabled)
    #expect(missing.traceID == "trc_h")
    #expect(missing.auditLogID == "audit_h")
    let present = try await error(
      404, #"{"error":{"code":"X","trace_id":"t","audit_log_id":"a"}}"#, headers: headers)
    #expect(present.code == "X")
    #expect(present.traceID == "t")
    #expect(present.auditLogID == "a")
    let unusable = try await error(200, "[]", headers: headers)
    #expect(unusable.traceID == "trc_h")
    #expect(unusable.auditLogID == "audit_h")
  }

  @Test("an error object on a 200 is an API error (row 26)", arguments: CallCase.all)
  func errorOn200(call: CallCase) async throws {
    for body in [
      #"{"error":{}}"#, #"{"data":null,"error":{}}"#,
      #"{"data":{"allow":true,"decision":"allow"},"error":{}}"#,
      #"{"error":{"code":"NOT_READY","message":"m"},"data":[]}"#,
    ] {
      for status in [200, 201, 299] {
        let error = try await error(status, body, of: call)
        #expect(error.kind == .api)
        #expect(error.status == status)
        #expect(error.code == (body.contains("NOT_READY") ? .notReady : .httpError))
        #expect(!error.isRetryable)
      }
    }
  }

  @Test("`error: null` is none; any other type on a 200 is a decoding error (row 27)")
  func errorOfOtherType() async throws {
    let transport = ScriptedTransport(
      .answer(200, #"{"error":null,"data":{"allow":true,"decision":"allow"}}"#))
    #expect(try await Sample.client(transport, configuration: .anyID).authz.check(Sample.question).isAllowed)
    for value in ["false", "true", "\"x\"", "[]", "0", "\"\""] {
      for body in [
        #"{"error":\#(value),"data":{"allow":true,"decision":"allow"}}"#,
        #"{"data":{"allow":true,"decision":"allow"},"error":\#(value),"request_id":"r9"}"#,
      ] {
        let error = try await error(200, body)
        #expect(error.kind == .decoding)
        #expect(error.message.contains("error"))
        #expect(error.status == 200)
      }
    }
  }

  @Test("whatever `error` is on an error status (row 28)")
  func errorOfAnyTypeOnErrorStatus() async throws {
    for value in [
      "\"x\"", "[]", "{}", "null", "7", #"{"code":null}"#, #"{"code":7,"message":[],"details":null}"#,
    ] {
      let error = try await error(422, #"{"error":\#(value),"request_id":7}"#)
      #expect(error.kind == .api)
      #expect(error.code == .httpError)
      #expect(error.message == "the service answered with status 422")
      #expect(error.requestID == Sample.requestID)
      #expect(error.details == nil)
    }
    let ids = try await error(
      500, #"{"error":{"trace_id":1,"audit_log_id":{},"deny_code":false,"request_id":[],"code":"X"}}"#)
    #expect(ids.traceID == nil)
    #expect(ids.auditLogID == nil)
    #expect(ids.denyCode == nil)
    #expect(ids.code == "X")
    let twice = try await error(500, #"{"error":{"code":"A"},"error":{"code":"B"}}"#)
    #expect(twice.code == .httpError)
  }

  @Test(
    "values at the top that are no object (row 29)", arguments: ["[]", "\"x\"", "7", "null", "true", "[{}]"])
  func topLevel(body: String) async throws {
    let unusable = try await error(200, body)
    #expect(unusable.kind == .decoding)
    #expect(!unusable.isRetryable)
    let api = try await error(400, body)
    #expect(api.kind == .api)
    #expect(api.code == .httpError)
    #expect(api.details == nil)
  }

  @Test("nothing at all is a decoding error on every call (row 30)", arguments: CallCase.all)
  func empty(call: CallCase) async throws {
    for status in [200, 202, 204] {
      let error = try await error(status, "", headers: ["X-Request-ID": "r9"], of: call)
      #expect(error.kind == .decoding)
      #expect(error.status == status)
      #expect(error.requestID == "r9")
      #expect(!error.isRetryable)
    }
  }

  @Test("data null or missing (row 31)", arguments: CallCase.all)
  func noData(call: CallCase) async throws {
    let missing = try await error(200, #"{"request_id":"r9"}"#, of: call)
    #expect(missing.kind == .decoding)
    #expect(missing.message.contains("data"))
    #expect(missing.requestID == "r9")

    let transport = ScriptedTransport(.answer(200, #"{"data":null,"request_id":"r9"}"#))
    let client = try Sample.client(transport, accessToken: Sample.accessToken, configuration: .anyID)
    switch call.operation {
    case "system.capabilities", "resourceTypes.list", "audit.list", "request":
      _ = try await call.run(client)
    default:
      let error = try await plystraError { try await call.run(client) }
      #expect(error.kind == .decoding)
      #expect(error.message.contains("data"))
      #expect(error.requestID == "r9")
    }
  }

  @Test(
    "an answer that is not JSON, on an error status (row 13)",
    arguments: [
      "<html><body>502 Bad Gateway</body></html>", "404 page not found\n", "{\"error\":{", "{}x", "\u{FEFF}",
    ])
  func notJSON(body: String) async throws {
    let error = try await error(502, body, headers: ["X-Request-ID": "r9", "Content-Type": "text/html"])
    #expect(error.kind == .api)
    #expect(error.code == .invalidJSONResponse)
    #expect(error.requestID == "r9")
    #expect(error.details == .string(body))
    #expect(!error.description.contains(body.prefix(4)))
    #expect(error.isRetryable)
  }

  @Test(
    "the excerpt is of 256 bytes at most, cut at whole characters",
    arguments: [
      String(repeating: "x", count: 256), String(repeating: "x", count: 257),
      String(repeating: "é", count: 200),
      "x" + String(repeating: "財", count: 100), "xy" + String(repeating: "😀", count: 3_000_000 / 4),
      "e" + String(repeating: "\u{301}", count: 1_000),
    ])
  func excerpt(body: String) async throws {
    let text = try #require(try await error(500, body).details?.stringValue)
    #expect(text.utf8.count <= 256)
    #expect(text.utf8.count > 252)
    #expect(Array(body.unicodeScalars).starts(with: text.unicodeScalars))
  }

  @Test("an excerpt of bytes that are not UTF-8 stays within 256 bytes")
  func excerptOfBytes() async throws {
    let transport = ScriptedTransport(
      .run { _ in TransportResponse(status: 500, body: [UInt8](repeating: 0xFF, count: 1_000)) })
    let client = try Sample.client(transport).with(retryPolicy: .never)
    let text = try #require(try await plystraError { try await client.system.health() }.details?.stringValue)
    #expect(text == String(repeating: "\u{FFFD}", count: 85))
  }

  @Test("an empty body of an error status leaves no details")
  func emptyError() async throws {
    let error = try await error(503, "")
    #expect(error.code == .invalidJSONResponse)
    #expect(error.details == nil)
  }

  @Test("details of any type are kept")
  func details() async throws {
    for text in ["[]", "{}", "\"x\"", "0", "false", "[1,null,{\"a\":1.5}]"] {
      let error = try await error(400, #"{"error":{"details":\#(text)}}"#)
      #expect(error.details == (try JSONValue(parsing: Array(text.utf8))))
    }
  }

  @Test("redirects are API errors (row 41)", arguments: [301, 302, 303, 307, 308, 304, 300])
  func redirects(status: Int) async throws {
    let transport = ScriptedTransport(.answer(status, "", headers: ["Location": "https://evil.test/"]))
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.kind == .api)
    #expect(error.status == status)
    #expect(error.code == .invalidJSONResponse)
    #expect(error.attempts == 1)
    #expect(transport.requests.count == 1)
  }

  @Test(
    "the body decides, not its content type (row 43)", arguments: ["text/html", "", "application/xml; x"])
  func contentType(type: String) async throws {
    let transport = ScriptedTransport(.fixture("authz-check.allow", headers: ["Content-Type": type]))
    #expect(try await Sample.client(transport).authz.check(Sample.question).isAllowed)
  }

  @Test("a status that no server should send is an API error", arguments: [-1, 0, 100, 199, 600, 999])
  func oddStatus(status: Int) async throws {
    let error = try await error(status, #"{"data":{"allow":true,"decision":"allow"}}"#)
    #expect(error.kind == .api)
    #expect(error.status == status)
  }

  @Test(
    "a contradictory decision is a decoding error, with its ids",
    arguments: [
      #"{"allow":true,"decision":"deny"}"#, #"{"allow":false,"decision":"allow"}"#,
      #"{"allow":true,"decision":"allow","deny_code":"X"}"#, #"{"allow":"true","decision":"allow"}"#,
      #"{"allow":1,"decision":"allow"}"#, #"{"allow":true}"#, #"{"allow":true,"decision":"ALLOW"}"#,
      #"{"allow":true,"allow":true,"decision":"allow"}"#,
    ])
  func contradictions(decision: String) async throws {
    for call in CallCase.decisions {
      let error = try await error(200, #"{"data":\#(decision),"request_id":"r9"}"#, of: call)
      #expect(error.kind == .decoding)
      #expect(error.requestID == "r9")
      #expect(!error.isRetryable)
      #expect(error.underlyingError is JSONError)
    }
  }
}
