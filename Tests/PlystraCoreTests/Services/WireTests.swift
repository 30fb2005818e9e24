import Foundation
import PlystraCore
import TestSupport
import Testing

@Suite("What each call puts on the wire (contract §1)")
struct WireTests {
  @Test("method, URL, headers, body and limits", arguments: CallCase.all)
  func request(call: CallCase) async throws {
    let transport = ScriptedTransport(.fixture(call.fixture))
    _ = try await call.run(Sample.client(transport))

    let request = try #require(transport.requests.first)
    #expect(transport.requests.count == 1)
    #expect(request.method == call.method)
    #expect(request.url == "https://plystra.test" + call.target)
    #expect(request.text == call.body)
    #expect(request.timeout == .seconds(5))
    #expect(request.maximumResponseBytes == 4 << 20)
    #expect(request.mayBeResent == call.isReplayable)

    var expected: [String: String] = [
      "accept": "application/json", "user-agent": "plystra-swift/0.1.0", "x-request-id": Sample.requestID,
    ]
    if call.body != nil { expected["content-type"] = "application/json" }
    if call.credential != .none { expected["x-plystra-api-key"] = Sample.apiKey }
    let sent = request.headers.map { ($0.name.lowercased(), $0.value) }
    #expect(sent.count == expected.count)
    #expect(Dictionary(sent) { first, _ in first } == expected)
  }

  @Test("the base URL's prefix stays in front", arguments: CallCase.all)
  func prefix(call: CallCase) async throws {
    let transport = ScriptedTransport(.fixture(call.fixture))
    _ = try await call.run(Sample.client(transport, baseURL: "HTTPS://Gateway.TEST:8443//authz//v2/"))
    #expect(transport.requests.map(\.url) == ["https://gateway.test:8443/authz/v2" + call.target])
  }

  @Test("what is optional and absent is not sent")
  func absent() async throws {
    let transport = ScriptedTransport(
      .fixture("resource-types"), .fixture("audit-list.null"), .fixture("actor-switch-member"),
      .fixture("authz-check.deny"))
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(validatesRequests: false))
    _ = try await client.resourceTypes.list()
    _ = try await client.audit.list()
    _ = try await client.actor.switchMember(userMemberID: "um1")
    _ = try await client.authz.check(AuthorizationRequest(resourceID: "", action: "approve"))
    #expect(
      transport.requests.map(\.url) == [
        "https://plystra.test/api/v1/resource-types", "https://plystra.test/api/v1/audit/logs",
        "https://plystra.test/api/v1/actor/switch-member", "https://plystra.test/api/v1/authz/check",
      ])
    #expect(
      transport.requests.map(\.text) == [nil, nil, #"{"user_member_id":"um1"}"#, #"{"action":"approve"}"#])
  }

  @Test("every audit filter, encoded")
  func auditFilters() async throws {
    let transport = ScriptedTransport(.fixture("audit-list.null"))
    let moment = FakeTime.wallClock
    _ = try await Sample.client(transport).audit.list(
      AuditQuery(
        spaceID: "s&1", actorUserID: "u=1", actorMemberID: "m#1", actorUserMemberID: "um?1",
        resourceType: "in/voice", resourceID: "é+ü", decision: .deny, denyCode: .scopeOutOfBounds,
        requestID: "req 1", createdAtFrom: moment, createdAtTo: moment.addingTimeInterval(0.25), limit: 1,
        cursor: "a%b"))
    let url = try #require(transport.requests.first?.url)
    #expect(
      url == "https://plystra.test/api/v1/audit/logs?space_id=s%261&actor_user_id=u%3D1&actor_member_id=m%231"
        + "&actor_user_member_id=um%3F1&resource_type=in%2Fvoice&resource_id=%C3%A9%2B%C3%BC&decision=deny"
        + "&deny_code=SCOPE_OUT_OF_BOUNDS&request_id=req%201&created_at_from=2026-05-06T00%3A00%3A00Z"
        + "&created_at_to=2026-05-06T00%3A00%3A00.250000Z&limit=1&cursor=a%25b")
  }

  @Test(
    "an audit id is one encoded segment (row 46)",
    arguments: [
      ("a/../b?x#y", "a%2F..%2Fb%3Fx%23y"), ("é", "%C3%A9"), ("%2F", "%252F"), ("...", "..."),
      ("%2e%2e", "%252e%252e"), (" \r\n", "%20%0D%0A"), ("財務", "%E8%B2%A1%E5%8B%99"),
    ])
  func auditID(id: String, segment: String) async throws {
    let transport = ScriptedTransport(.fixture("audit-detail"))
    _ = try await Sample.client(transport).audit.get(id)
    #expect(transport.requests.map(\.url) == ["https://plystra.test/api/v1/audit/logs/" + segment])
  }

  @Test("a registration's every field, and a check that explains")
  func fullBodies() async throws {
    let transport = ScriptedTransport(.fixture("auth-register", status: 201), .fixture("authz-explain.allow"))
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(validatesRequests: false))
    _ = try await client.auth.register(
      RegistrationRequest(
        email: "a@example.com", password: "plystra-demo", username: "a", phone: "+49", spaceName: "Acme",
        spaceSlug: "acme", memberDisplayName: "A", registrationToken: Secret("invited"),
        metadata: ["n": 1]))
    _ = try await client.authz.check(
      AuthorizationRequest(
        resource: ResourceContext(metadata: ["amount": 1250.75, "none": nil]),
        grants: [Grant(scope: .groupTree, scopeAnchorGroupPath: "finance")], action: "approve",
        explain: true))
    #expect(
      transport.requests.map(\.text) == [
        #"{"email":"a@example.com","password":"plystra-demo","username":"a","phone":"+49","#
          + #""space_name":"Acme","space_slug":"acme","member_display_name":"A","#
          + #""registration_token":"invited","metadata":{"n":1}}"#,
        #"{"resource":{"metadata":{"amount":1250.75,"none":null}},"#
          + #""grants":[{"scope":"group_tree","scope_anchor_group_path":"finance"}],"#
          + #""action":"approve","explain":true}"#,
      ])
  }
}
