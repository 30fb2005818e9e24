import PlystraCore
import PlystraTesting
import TestSupport
import Testing

extension PlystraClient {
  /// A client of a mock or a replay, whose key is a canary.
  static func testing(
    _ transport: any HTTPTransport, retryPolicy: PlystraClient.RetryPolicy = .never
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: "https://plystra.test/prefix", apiKey: "ply_ak_canary.secret",
      configuration: PlystraClient.Configuration(
        deadline: .patience * 4, attemptTimeout: .patience * 4, retryPolicy: retryPolicy),
      transport: transport)
  }
}

extension AuthorizationRequest {
  /// A question in managed mode.
  static func question(_ action: String = "approve", about invoice: String = "invoice_001")
    -> AuthorizationRequest
  {
    AuthorizationRequest(
      actor: ActorContext(
        userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        bindingID: "um_alice_finance_reviewer"),
      resourceType: "invoice", resourceID: invoice, action: action)
  }
}

@Suite struct MockTransportTests {
  private let request = TransportRequest(method: "GET", url: "https://plystra.test/api/v1/health")

  @Test func answersByRuleAndKeepsWhatItWasAsked() async throws {
    let mock = MockTransport {
      $0.on(.authzCheck.with(body: ["action": "approve"])).answer(.decision(.allow))
      $0.on(.authzCheck).answer(.decision(.deny(.noMatchingPermission)))
    }
    let plystra = try PlystraClient.testing(mock)
    let allowed = try await plystra.authz.check(.question("approve"))
    let denied = try await plystra.withRequestID("req_denied").authz.check(.question("reject"))
    #expect(allowed.isAllowed)
    #expect(!denied.isAllowed && denied.denyCode == .noMatchingPermission)
    #expect(denied.requestID == "req_denied")
    #expect(denied.audit?.action == "invoice.reject")

    #expect(mock.requests.map(\.operation) == [.authzCheck, .authzCheck])
    let last = try #require(mock.requests.last)
    #expect(last.method == "POST" && last.path == "/prefix/api/v1/authz/check")
    #expect(last.body?["action"] == "reject" && last.body?["resource_id"] == "invoice_001")
    #expect(last.requestID == "req_denied")
    #expect(mock.unmet.isEmpty)
    try mock.verify()
  }

  @Test func playsAScriptInOrder() async throws {
    let mock = MockTransport()
    mock.script(.health(), .error(.notReady), .failure(.reset), .status(502, text: "<html>"))
    let plystra = try PlystraClient.testing(mock)
    #expect(try await plystra.system.health().status == "ok")
    let notReady = try await #require(throws: PlystraError.self) { try await plystra.system.ready() }
    #expect(notReady.status == 503 && notReady.code == .notReady)
    let reset = try await #require(throws: PlystraError.self) { try await plystra.system.health() }
    #expect((reset.underlyingError as? TransportError)?.kind == .reset)
    let html = try await #require(throws: PlystraError.self) { try await plystra.system.health() }
    #expect(html.code == .invalidJSONResponse)
    try mock.verify()
  }

  @Test func aRuleThatIsUsedUpLeavesTheRequestToTheNext() async throws {
    let mock = MockTransport {
      $0.on(.systemHealth).script(.health(Health(status: "first")), .health(Health(status: "second")))
      $0.on(.systemHealth).answer(.health(Health(status: "rest")), times: .atMost(1))
    }
    let plystra = try PlystraClient.testing(mock)
    for status in ["first", "second", "rest"] {
      #expect(try await plystra.system.health().status == status)
    }
    await #expect(throws: PlystraError.self) { try await plystra.system.health() }
    #expect(mock.unmet.isEmpty && mock.unexpected.count == 1)
  }

  @Test func saysWhichRequestHasNoAnswerAndWhatToAdd() async throws {
    let mock = MockTransport {
      $0.on(.authLogin).answer(.session(for: "user_alice"))
      $0.on(.systemHealth).script(.health())
    }
    let plystra = try PlystraClient.testing(mock, retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 3))
    _ = try await plystra.system.health()
    let error = try await #require(throws: PlystraError.self) {
      try await plystra.authz.check(.question())
    }
    #expect(error.kind == .transport && error.attempts == 1)
    #expect(
      error.message
        == "the mock has no answer for POST /prefix/api/v1/authz/check (authz.check): add"
        + " mock.on(.authzCheck).answer(…); its rules are: 1. auth.login: session of user_alice; 2. system.health:"
        + " health (used up by 1)")
    let failure = try #require(throws: MockFailure.self) { try mock.verify() }
    #expect(failure.problems.map(\.kind) == [.unexpected, .neverAsked])
    #expect(
      failure.description.contains("authz.check) was asked and had no answer: add mock.on(.authzCheck)"))
    #expect(failure.description.contains("rule 1, on(auth.login), was never asked: let the code under test"))
  }

  @Test func reportsMisuse() async throws {
    let mock = MockTransport()
    _ = mock.on(.authzCheck)
    mock.on(.authLogin).answer(.loggedOut).answer(.loggedOut, times: .any)
    mock.on(.any).answer(.loggedOut, times: .any)
    mock.on(.auditList).answer(.auditPage([]))
    mock.on(.auditList).answer(.auditPage([]), times: 2)
    let problems = mock.unmet
    #expect(problems.map(\.kind) == [.noAnswer, .rewritten, .neverAsked, .neverAsked])
    #expect(problems.map(\.description).joined().contains("on(authz.check), has no answer: add .answer(…)"))
    #expect(problems.last?.description.contains("on(any request), stands before it") == true)
    let empty = try await #require(throws: TransportError.self) {
      try await MockTransport().send(request)
    }
    #expect(empty.message.hasSuffix("it has no rules") && !empty.mayHaveBeenSent)
  }

  @Test func aRuleWaitsForAsManyAsItIsTold() async throws {
    let mock = MockTransport()
    let rule = mock.on(.systemHealth).answer(.health(), times: 2)
    _ = try await mock.send(request)
    #expect(rule.requests.count == 1)
    #expect(mock.unmet.first?.description.contains("was asked 1 of 2 times") == true)
    _ = try await mock.send(request)
    #expect(mock.unmet.isEmpty)
    #expect(
      [MockCount.any, .atLeast(1), .atMost(2), .exactly(3), 4].map(\.description)
        == ["any number", "at least 1", "at most 2", "exactly 3", "exactly 4"])
  }

  @Test func patternsMatchQueryPathAndBody() async throws {
    let mock = MockTransport {
      $0.on(.auditList.with(query: ["limit": "10", "space_id": "space acme"])).answer(
        .auditPage([]), times: 1)
      $0.on(.request("POST", "/api/v1/things/a%2Fb").with(body: ["n": 1, "in": ["x": [1.5, nil]]]))
        .answer(.data(["id": 7], status: 201))
      $0.on(.auditGet.and("an odd id") { $0.path.hasSuffix("audit%2F1") }).answer(.error(.auditLogNotFound))
    }
    let plystra = try PlystraClient.testing(mock)
    _ = try await plystra.audit.list(AuditQuery(spaceID: "space acme", decision: .allow, limit: 10))
    let made = try await plystra.request(
      APIRequest(
        method: "POST", path: "/api/v1/things/a%2Fb",
        body: ["in": ["y": true, "x": [1.5, nil]], "n": 1.0]))
    #expect(made.data["id"] == 7 && made.status == 201)
    let missing = try await #require(throws: PlystraError.self) { try await plystra.audit.get("audit/1") }
    #expect(missing.status == 404)
    for other: JSONValue in [["n": 2], ["n": 1, "in": ["x": [1.5]]], "text"] {
      await #expect(throws: PlystraError.self) {
        try await plystra.request(APIRequest(method: "POST", path: "/api/v1/things/a%2Fb", body: other))
      }
    }
    #expect(mock.unexpected.count == 3 && mock.unmet.isEmpty)
    #expect(mock.requests.first?.query("space_id") == "space acme")
  }

  @Test func rulesMayLookAtTheMock() async throws {
    let mock = MockTransport()
    mock.on(.any.and("the first one") { [unowned mock] _ in mock.requests.isEmpty }).answer(.health())
    mock.on(.any).answer(.health(Health(status: "later")), times: .any)
    let plystra = try PlystraClient.testing(mock)
    #expect(try await plystra.system.health().status == "ok")
    #expect(try await plystra.system.health().status == "later")
  }
}
