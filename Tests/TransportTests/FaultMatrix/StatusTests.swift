import PlystraCore
import TestSupport
import Testing

/// The service, or a proxy before it, answers with an error.
@Suite("Fault matrix: statuses", .timeLimit(.minutes(minutesOfAHang)))
struct StatusTests {
  @Test(
    "Row 13: HTML 502 with X-Request-ID header", arguments: TransportUnderTest.allCases, FaultCall.all)
  func htmlFromAProxy(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let page = "<html>Bad Gateway for \(Canary.echo)</html>" + String(repeating: "é", count: 4_096)
    let error = try await transport.failure(
      of: call,
      answeredBy: .text(
        page, status: 502, headers: ["Content-Type": "text/html", "X-Request-ID": "req_proxy"]))
    #expect(error.kind == .api && error.status == 502 && error.code == .invalidJSONResponse)
    #expect(error.attempts == call.attemptsIfReplayed && error.requestID == "req_proxy")
    let excerpt = try #require(error.details?.stringValue)
    #expect(excerpt.hasPrefix("<html>Bad Gateway for *** *** ***</html>é"))
    #expect((250...256).contains(excerpt.utf8.count))
    #expect(!"\(error)".contains("html"))
  }

  @Test("Row 14: 500 INTERNAL_ERROR envelope", arguments: TransportUnderTest.allCases, FaultCall.all)
  func internalError(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let error = try await transport.failure(
      of: call,
      answeredBy: .text(
        #"{"error":{"code":"INTERNAL_ERROR","message":"\#(Canary.echo) failed","details":["\#(Canary.echo)"],"#
          + #""request_id":"req_1","trace_id":"trc_1","audit_log_id":"audit_1"},"request_id":"req_2"}"#,
        status: 500))
    #expect(error.kind == .api && error.status == 500 && error.code == "INTERNAL_ERROR")
    #expect(error.attempts == call.attemptsIfReplayed)
    #expect(error.message == "*** *** *** failed" && error.details == ["*** *** ***"])
    #expect(error.requestID == "req_1" && error.traceID == "trc_1" && error.auditLogID == "audit_1")
  }

  @Test("Row 15: 501, 505", arguments: TransportUnderTest.allCases, FaultCall.all)
  func notRetried(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    try await expectOneAttempt(transport, call, statuses: [501, 505])
  }

  @Test("Row 16: 503 NOT_READY", arguments: TransportUnderTest.allCases, FaultCall.all)
  func notReady(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let starting = TransportResponse(status: 503, body: try Fixtures.body("error.503"))
    let error = try await transport.failure(of: call, answeredBy: starting)
    #expect(error.kind == .api && error.status == 503 && error.code == "NOT_READY")
    #expect(error.attempts == call.attemptsIfReplayed && error.isRetryable)

    guard call.isReplayable else { return }
    let ready = TransportResponse(status: 200, body: try call.answer)
    let server = try RawServer.answering { _, number in number < 2 ? starting : ready }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await client.succeed(call)
      #expect(client.time.waits.count == 2)
    }
  }

  @Test("Row 16: waitUntilReady keeps polling", arguments: TransportUnderTest.allCases)
  func waitsUntilReady(_ transport: TransportUnderTest) async throws {
    let starting = TransportResponse(status: 503, body: try Fixtures.body("error.503"))
    let ready = TransportResponse(status: 200, body: try Fixtures.body("ready"))
    let server = try RawServer.answering { _, number in number < 8 ? starting : ready }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await client.plystra.system.waitUntilReady(within: .patience * 4)
      #expect(client.time.waits.count == 8)
    }
    #expect(server.requests.count == 9)
  }

  @Test(
    "Row 20: 400, 403, 404, 405, 409, 413, 422", arguments: TransportUnderTest.allCases, FaultCall.all)
  func refusals(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    try await expectOneAttempt(transport, call, statuses: [400, 403, 404, 405, 409, 413, 422])
  }

  @Test("Row 22: 401 with an API key only", arguments: TransportUnderTest.allCases, FaultCall.all)
  func unauthorized(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    try await expectOneAttempt(transport, call, statuses: [401])
  }

  /// Each status comes as an error that carries the details as JSON, after one attempt.
  private func expectOneAttempt(
    _ transport: TransportUnderTest, _ call: FaultCall, statuses: [Int]
  ) async throws {
    let server = try RawServer.answering { _, number in
      .text(
        #"{"error":{"code":"SOME_CODE","message":"no","details":{"fields":["a",1.5,null],"n":7}}}"#,
        status: statuses[number % statuses.count])
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      for status in statuses {
        let error = try await client.failure(of: call)
        #expect(error.kind == .api && error.status == status && error.code == "SOME_CODE")
        #expect(error.attempts == 1 && !error.isRetryable && !error.outcomeUnknown)
        #expect(error.details == ["fields": ["a", 1.5, nil], "n": 7])
      }
      #expect(client.time.waits.isEmpty)
    }
    #expect(server.requests.count == statuses.count)
  }
}
