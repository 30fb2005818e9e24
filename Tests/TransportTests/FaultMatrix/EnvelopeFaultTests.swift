import PlystraCore
import TestSupport
import Testing

/// Answers whose envelope is not what it should be.
@Suite("Fault matrix: envelopes", .timeLimit(.minutes(minutesOfAHang)))
struct EnvelopeFaultTests {
  private static let allow = #""data":{"allow":true,"decision":"allow"},"request_id":"req_kept""#

  @Test("Row 26: error object on a 200", arguments: TransportUnderTest.allCases, FaultCall.all)
  func errorOnSuccess(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    for (error, code) in [("{}", ErrorCode.httpError), (#"{"code":"SOME_CODE"}"#, "SOME_CODE")] {
      let failure = try await transport.failure(
        of: call, answeredBy: .text(#"{"error":\#(error),\#(Self.allow)}"#))
      #expect(failure.kind == .api && failure.status == 200 && failure.code == code)
      #expect(failure.attempts == 1 && failure.requestID == "req_kept")
    }
  }

  @Test("Row 27: 200 with error null", arguments: TransportUnderTest.allCases, FaultCall.all)
  func errorIsNull(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = "{\"error\":null,".utf8 + (try call.answer).dropFirst()
    let server = try RawServer.responding(body: Array(body))
    defer { server.stop() }
    try await transport.run(matrix: server.url) { try await $0.succeed(call) }
  }

  @Test("Row 27: 200 with error false, text or list", arguments: TransportUnderTest.allCases, FaultCall.all)
  func errorIsNoObject(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    for error in ["false", #""x""#, "[]", "0"] {
      let body = "{\"error\":\(error),".utf8 + (try call.answer).dropFirst()
      let failure = try await transport.failure(
        of: call, answeredBy: TransportResponse(status: 200, body: Array(body)))
      #expect(failure.kind == .decoding && failure.status == 200 && failure.attempts == 1)
    }
  }

  @Test(
    "Row 28: on an error status, error of any shape", arguments: TransportUnderTest.allCases, FaultCall.all)
  func errorOfAnyShape(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let bodies: [(String, ErrorCode)] = [
      (#"{"error":"\#(Canary.echo)"}"#, .httpError),
      (#"{"error":["\#(Canary.echo)"]}"#, .httpError),
      (#"{"error":{}}"#, .httpError),
      (#"{"error":null,\#(Self.allow)}"#, .httpError),
      (#"{"error":{"code":null,"message":7,"details":null}}"#, .httpError),
      (
        #"{"error":{"code":"SOME_CODE","request_id":1,"trace_id":[],"audit_log_id":{},"deny_code":false},"#
          + #""request_id":2,"meta":{"request_id":3}}"#, "SOME_CODE"
      ),
    ]
    for (body, code) in bodies {
      let server = try RawServer.answering { _, _ in .text(body, status: 403) }
      defer { server.stop() }
      let error = try await transport.run(matrix: server.url) { try await $0.failure(of: call) }
      #expect(error.kind == .api && error.status == 403 && error.code == code && error.attempts == 1)
      #expect(error.traceID == nil && error.auditLogID == nil && error.denyCode == nil)
      let sent = server.requests.first?.headers["X-Request-ID"]
      #expect(error.requestID == (body.contains("req_kept") ? "req_kept" : sent))
    }
  }

  @Test(
    "Row 29: top level array, string, number, null", arguments: TransportUnderTest.allCases, FaultCall.all)
  func noObject(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    for body in [#"[{"allow":true,"decision":"allow"}]"#, #""allow""#, "1", "null"] {
      let decoding = try await transport.failure(of: call, answeredBy: .text(body))
      #expect(decoding.kind == .decoding && decoding.status == 200 && decoding.attempts == 1)
      let api = try await transport.failure(of: call, answeredBy: .text(body, status: 404))
      #expect(api.kind == .api && api.status == 404 && api.code == .httpError && api.attempts == 1)
    }
  }

  @Test(
    "Row 30: 204 or an empty 200", arguments: TransportUnderTest.allCases, FaultCall.documented)
  func empty(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    for status in [200, 204] {
      let error = try await transport.failure(of: call, answeredBy: TransportResponse(status: status))
      #expect(error.kind == .decoding && error.status == status && error.attempts == 1)
    }
  }

  @Test("Row 31: data null or missing", arguments: TransportUnderTest.allCases, FaultCall.all + [.explain])
  func noData(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let id = TransportResponse.sampleRequestID
    for body in [#"{"data":null,"request_id":"\#(id)"}"#, #"{"request_id":"\#(id)"}"#] {
      // The data of a low-level request may be any JSON, also null.
      if call.operation == "request" && body.contains("null") { continue }
      let error = try await transport.failure(of: call, answeredBy: .text(body))
      #expect(error.kind == .decoding && error.attempts == 1 && error.requestID == id)
      #expect(error.message.contains("data"))
    }
  }

  @Test("Row 31: data of a list null or missing", arguments: TransportUnderTest.allCases)
  func noList(_ transport: TransportUnderTest) async throws {
    #expect(FaultCall.lists.count == 3)
    let id = TransportResponse.sampleRequestID
    let server = try RawServer.answering { _, _ in .text(#"{"data":null,"request_id":"\#(id)"}"#) }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      for call in FaultCall.lists { try await client.succeed(call) }
      let page = try await client.plystra.audit.list()
      #expect(page.items.isEmpty && page.requestID == id && !page.hasMore)
    }
    for call in FaultCall.lists {
      let error = try await transport.failure(of: call, answeredBy: .text(#"{"request_id":"\#(id)"}"#))
      #expect(error.kind == .decoding && error.message.contains("data") && error.requestID == id)
    }
  }
}
