import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Every endpoint of the contract, through real sockets, against a served kernel.
@Suite struct EndpointTests {
  @Test(arguments: TransportUnderTest.allCases)
  func stateOfTheService(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      try await transport.run(against: url) { plystra in
        #expect(try await plystra.system.health().status == "ok")
        #expect(try await plystra.system.ready().status == "ready")
        #expect(try await plystra.system.version().apiVersion == "v1")
        let capabilities = try await plystra.system.capabilities()
        #expect(capabilities.contains { $0.name == "authorization.resource" })
      }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func sessionFromLoginToLogout(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      try await transport.run(against: url) { plystra in
        let session = try await plystra.auth.login(email: "alice@example.com", password: "plystra-demo")
        try plystra.setAccessToken(session.tokens.accessToken)
        let context = try await plystra.actor.context()
        #expect(context.actor?.memberID == "member_finance_reviewer")
        let switched = try await plystra.actor.switchMember(userMemberID: "um_alice_finance_reviewer")
        #expect(switched.actor?.userMemberID == "um_alice_finance_reviewer")

        let renewed = try await plystra.auth.refresh(refreshToken: session.tokens.refreshToken)
        #expect(renewed.accessToken != session.tokens.accessToken)
        let stale = try await failure { _ = try await plystra.actor.context() }
        #expect(stale.status == 401 && stale.code == .authenticationRequired)
        try plystra.setAccessToken(renewed.accessToken)
        _ = try await plystra.actor.context()

        try await plystra.auth.logout(refreshToken: renewed.refreshToken)
        let ended = try await failure {
          _ = try await plystra.auth.refresh(refreshToken: renewed.refreshToken)
        }
        #expect(ended.status == 401 && ended.code == .sessionExpired)
      }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func registrationIsClosed(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      try await transport.run(against: url) { plystra in
        let error = try await failure {
          _ = try await plystra.auth.register(
            RegistrationRequest(email: "new@example.com", password: "correct horse battery"))
        }
        #expect(error.kind == .api && error.status == 403)
      }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func decisionsAndTheirAuditRows(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      try await transport.run(against: url) { plystra in
        let plystra = try plystra.withRequestID("req_transport_test")
        var question = try AuthorizationRequest(parsing: Fixtures.body("authz-request"))
        question.explain = false
        let decision = try await plystra.authz.check(question)
        #expect(decision.isAllowed && decision.requestID == "req_transport_test" && decision.trace == nil)
        question.resource?.groupPath = "legal"
        let denied = try await plystra.authz.explain(question)
        #expect(!denied.isAllowed && denied.denyCode == .scopeOutOfBounds)
        #expect(denied.trace?.matchedCandidates.count == 3)

        let rows = try await plystra.audit.list(AuditQuery(requestID: "req_transport_test", limit: 10))
        #expect(rows.map(\.id) == [denied.auditLogID, decision.auditLogID])
        let row = try await plystra.audit.get(#require(denied.auditLogID))
        #expect(row.trace?.decision == .deny && row.userAgent?.hasPrefix("plystra-swift/") == true)
        let missing = try await failure { _ = try await plystra.audit.get("a/../b?x#y é") }
        #expect(missing.status == 404 && missing.code == .auditLogNotFound)
        #expect(missing.requestID == "req_transport_test")
      }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func resourceTypesAndLowLevelRequest(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      try await transport.run(against: url) { plystra in
        let types = try await plystra.resourceTypes.list(limit: 10)
        #expect(types.map(\.key).contains("invoice"))
        let raw = try await plystra.request(
          APIRequest(path: "/api/v1/resource-types", query: [(name: "limit", value: "10")]))
        #expect(raw.data[0]?["key"]?.stringValue == types.first?.key)
        let typed = try await plystra.request(
          APIRequest(path: "/api/v1/resource-types"), as: [ResourceType].self)
        #expect(typed.data == types.items)
        let unknown = try await failure { _ = try await plystra.request(APIRequest(path: "/nowhere")) }
        #expect(unknown.status == 404 && unknown.code == .invalidJSONResponse)
        let method = try await failure {
          _ = try await plystra.request(
            APIRequest(method: "DELETE", path: "/api/v1/health", credential: .none))
        }
        #expect(method.status == 405 && method.code == .methodNotAllowed)
      }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func twoHundredCallsAtOnce(_ transport: TransportUnderTest) async throws {
    try await withKernelServer { url in
      // A patient deadline: 200 calls queue behind the connections of one host.
      let configuration = PlystraClient.Configuration(deadline: .patience, attemptTimeout: .patience)
      try await transport.run(against: url, configuration: configuration) { plystra in
        let question = try AuthorizationRequest(parsing: Fixtures.body("authz-request"))
        let decisions = try await withThrowingTaskGroup(of: Decision.self) { group in
          for number in 0..<200 {
            group.addTask {
              try await plystra.withRequestID("req_\(number)").authz.check(question)
            }
          }
          return try await group.reduce(into: [Decision]()) { $0.append($1) }
        }
        #expect(decisions.filter(\.isAllowed).count == 200)
        #expect(Set(decisions.compactMap(\.requestID)).count == 200)
        #expect(Set(decisions.compactMap(\.auditLogID)).count == 200)
      }
    }
  }
}
