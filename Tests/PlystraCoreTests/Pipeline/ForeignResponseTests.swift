import PlystraTesting
import TestSupport
import Testing

@testable import PlystraCore

@Suite("Responses that belong to another request")
struct ForeignResponseTests {
  /// A transport whose connections have numbers, and which records what is closed.
  private final class NumberedTransport: HTTPTransport {
    let script: ScriptedTransport
    private let state = Locked((sent: UInt64(0), closed: [UInt64]()))

    init(_ script: ScriptedTransport) { self.script = script }

    var closed: [UInt64] { state.withLock { $0.closed } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
      var response = try await script.send(request)
      response.connectionID = state.withLock { state in
        state.sent += 1
        return state.sent
      }
      return response
    }

    func closeConnection(_ id: UInt64) { state.withLock { $0.closed.append(id) } }
  }

  private static func decision(
    id: String? = Sample.requestID, audit: String = "{}", decision: String = "allow"
  ) -> ScriptedTransport.Step {
    let id = id.map { #","request_id":"\#($0)""# } ?? ""
    return .answer(
      200, #"{"data":{"allow":\#(decision == "allow"),"decision":"\#(decision)","audit":\#(audit)}\#(id)}"#)
  }

  @Test("a stale allow with another request id is never believed")
  func staleAllow() async throws {
    let transport = NumberedTransport(ScriptedTransport(thenAlways: Self.decision(id: "req_of_another")))
    let error = try await plystraError { try await Sample.client(transport).authz.check(Sample.question) }
    #expect(error.kind == .decoding && error.attempts == 2)
    #expect(error.requestID == Sample.requestID)
    let cause = try #require(error.underlyingError as? ForeignResponse)
    #expect(cause.sentRequestID == Sample.requestID && cause.receivedRequestID == "req_of_another")
    for text in [Sample.requestID, "req_of_another", "answersRequestIDs", "requestIDHeader"] {
      #expect(error.message.contains(text))
    }
  }

  @Test("its connection is closed, and the call is retried once, on a connection of its own")
  func retried() async throws {
    let transport = NumberedTransport(
      ScriptedTransport([Self.decision(id: "req_of_another")], thenAlways: Self.decision(decision: "deny")))
    let decision = try await Sample.client(transport).authz.check(Sample.question)
    #expect(!decision.isAllowed)
    #expect(transport.closed == [1])
    #expect(transport.script.requests.map(\.mayBeResent) == [true, false])
    #expect(Set(transport.script.requests.map { $0.headers["X-Request-ID"] }) == [Sample.requestID])
  }

  @Test("a write is not sent again, and its outcome is unknown")
  func write() async throws {
    let transport = NumberedTransport(
      ScriptedTransport(thenAlways: .answer(200, #"{"data":{"status":"ok"},"request_id":"req_of_another"}"#)))
    let error = try await plystraError {
      try await Sample.client(transport).request(APIRequest(method: "POST", path: "/api/v1/things"))
    }
    #expect(error.kind == .decoding && error.attempts == 1 && error.outcomeUnknown)
    #expect(transport.closed == [1])
  }

  @Test("a response of another type that names another id is recognised as foreign", arguments: CallCase.all)
  func otherType(call: CallCase) async throws {
    let transport = NumberedTransport(
      ScriptedTransport(
        thenAlways: .answer(200, #"{"data":{"unheard":"of"},"request_id":"req_of_another"}"#)))
    let client = try Sample.client(transport, accessToken: Sample.accessToken)
    let error = try await plystraError { try await call.run(client) }
    #expect(error.underlyingError is ForeignResponse)
    #expect(transport.closed.count == (call.isReplayable ? 2 : 1))
  }

  @Test("a decision without any request id is refused, other data is not")
  func noID() async throws {
    let nameless = try await plystraError {
      try await Sample.client(ScriptedTransport(thenAlways: Self.decision(id: nil))).authz.check(
        Sample.question)
    }
    #expect((nameless.underlyingError as? ForeignResponse)?.receivedRequestID == nil)
    #expect(nameless.underlyingError is ForeignResponse && nameless.message.contains("no request id"))
    let health = ScriptedTransport(.answer(200, #"{"data":{"status":"ok"}}"#))
    #expect(try await Sample.client(health).system.health().status == "ok")
  }

  @Test("the body's id decides; the header's counts where the body has none")
  func bodyOverHeader() async throws {
    let proxied = ScriptedTransport(
      .run { _ in
        TransportResponse(
          status: 200, headers: ["X-Request-ID": "req_of_the_proxy"],
          body: Array(#"{"data":{"decision":"allow"},"request_id":"\#(Sample.requestID)"}"#.utf8))
      })
    #expect(try await Sample.client(proxied).authz.check(Sample.question).isAllowed)
    let body = #"{"data":{"decision":"allow"}}"#
    let inHeader = ScriptedTransport(.answer(200, body, headers: ["X-Request-ID": Sample.requestID]))
    #expect(try await Sample.client(inHeader).authz.check(Sample.question).isAllowed)
    let foreign = ScriptedTransport(
      thenAlways: .answer(200, body, headers: ["X-Request-ID": "req_of_another"]))
    let error = try await plystraError { try await Sample.client(foreign).authz.check(Sample.question) }
    #expect((error.underlyingError as? ForeignResponse)?.receivedRequestID == "req_of_another")
  }

  @Test("error responses keep their kind and the id that they name")
  func errors() async throws {
    let body = #"{"error":{"code":"AUTHORIZATION_DENIED","message":"no"},"request_id":"req_of_the_proxy"}"#
    for status in [200, 403] {
      let transport = NumberedTransport(ScriptedTransport(.answer(status, body)))
      let error = try await plystraError { try await Sample.client(transport).authz.check(Sample.question) }
      #expect(error.kind == .api && error.requestID == "req_of_the_proxy")
      #expect(transport.closed.isEmpty)
    }
  }

  @Test("a client that accepts any id still refuses a decision about another question")
  func anyID() async throws {
    let transport = ScriptedTransport(
      [Self.decision(id: "req_other"), Self.decision(id: nil)],
      thenAlways: Self.decision(id: "req_other", audit: #"{"resource_id":"invoice_002"}"#))
    let client = try Sample.client(transport, configuration: .anyID)
    for _ in 1...2 { #expect(try await client.authz.check(Sample.question).isAllowed) }
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect((error.underlyingError as? ForeignResponse)?.mismatchedField == "resource_id")
  }

  @Test(
    "with one id for all calls, an audit record about another question is refused",
    arguments: [
      ("actor_user_id", "user_2"), ("actor_member_id", "member_2"), ("actor_user_member_id", "binding_2"),
      ("space_id", "space_2"), ("resource_type", "report"), ("resource_id", "invoice_002"),
      ("action", "invoice.reject"), ("action", "report.approve"), ("action", "approved"),
      ("action", "xapprove"),
    ])
  func question(field: String, value: String) async throws {
    for operation in [CallCase.decisions[0], CallCase.decisions[1]] {
      let transport = NumberedTransport(
        ScriptedTransport(thenAlways: Self.decision(audit: #"{"\#(field)":"\#(value)"}"#)))
      let error = try await plystraError { try await operation.run(Sample.client(transport)) }
      #expect(error.kind == .decoding && error.attempts == 2 && error.requestID == Sample.requestID)
      #expect((error.underlyingError as? ForeignResponse)?.mismatchedField == field)
      #expect(transport.closed == [1, 2])
    }
  }

  @Test("what the request or the record leaves out is not compared")
  func unsaid() async throws {
    let transport = ScriptedTransport(
      .fixture("authz-check.allow"), Self.decision(), Self.decision(audit: #"{"action":"approve"}"#),
      Self.decision(audit: #"{"resource_id":"","space_id":""}"#))
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(validatesRequests: false))
    _ = try await client.authz.check(AuthorizationRequest(action: "approve"))
    for _ in 1...3 { #expect(try await client.authz.check(Sample.question).isAllowed) }
  }

  @Test("two questions under one id, whose responses arrive exchanged, are both refused")
  func exchanged() async throws {
    let kernel = InMemoryKernel()
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        var other = request
        let text = request.body.map { String(decoding: $0, as: UTF8.self) } ?? ""
        other.body = Array(
          (text.contains("invoice_001")
            ? text.replacing("invoice_001", with: "invoice_002")
            : text.replacing("invoice_002", with: "invoice_001")).utf8)
        return try await kernel.send(other)
      })
    let client = try Sample.client(transport, apiKey: "ply_kernel_secret").withRequestID("req_shared")
    for id in ["invoice_001", "invoice_002"] {
      let question = AuthorizationRequest(
        actor: ActorContext(
          userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
          bindingID: "um_alice_finance_reviewer"), resourceType: "invoice", resourceID: id, action: "approve")
      let error = try await plystraError { try await client.authz.check(question) }
      #expect((error.underlyingError as? ForeignResponse)?.mismatchedField == "resource_id")
    }
  }

  @Test("another header can carry the id, both ways")
  func otherHeader() async throws {
    let transport = ScriptedTransport(
      .run { request in
        #expect(request.headers["X-Request-ID"] == nil)
        var headers = TransportHeaders()
        headers["X-Correlation-ID"] = request.headers["X-Correlation-ID"]
        return TransportResponse(
          status: 200, headers: headers, body: Array(#"{"data":{"decision":"allow"}}"#.utf8))
      })
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(requestIDHeader: "X-Correlation-ID"))
    #expect(try await client.authz.check(Sample.question).requestID == Sample.requestID)
  }

  @Test(
    "a header that cannot carry the id is refused",
    arguments: ["", "X Request", "Authorization", "Content-Type", "Host", "X-Plystra-API-Key"])
  func unusableHeader(name: String) throws {
    let error = try plystraError {
      try Sample.client(
        ScriptedTransport(), configuration: PlystraClient.Configuration(requestIDHeader: name))
    }
    #expect(error.kind == .configuration && error.message.hasPrefix("requestIDHeader: "))
  }
}
