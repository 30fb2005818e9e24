import PlystraTesting
import TestSupport
import Testing

@testable import PlystraCore

@Suite("Context Mode needs an API key", .timeLimit(.minutes(minutesOfAHang)))
struct ContextModeTests {
  private static let actor = ActorContext(userID: "u1", memberID: "m1", spaceID: "s1", userMemberID: "um1")
  private static let invoice = ResourceContext(type: "invoice", id: "i1", spaceID: "s1")

  private static func metadata(_ set: (inout ActorContext) -> Void) -> AuthorizationRequest {
    var actor = actor
    set(&actor)
    return AuthorizationRequest(actor: actor, resource: invoice, action: "approve")
  }

  /// Requests that the service judges by themselves alone.
  static let inline = [
    AuthorizationRequest(actor: actor, resource: invoice, grants: [Grant(scope: .space)], action: "approve"),
    AuthorizationRequest(actor: actor, resource: invoice, grants: [], action: "approve"),
    metadata { $0.userEmail = "a@example.com" }, metadata { $0.userStatus = "active" },
    metadata { $0.memberDisplayName = "A" }, metadata { $0.memberStatus = "active" },
    metadata { $0.bindingStatus = "active" }, metadata { $0.relationType = "login" },
    metadata { $0.spaceName = "Acme" }, metadata { $0.spaceStatus = "active" },
  ]

  @Test("with an access token or a session only, it is refused with the service's reason", arguments: inline)
  func refused(request: AuthorizationRequest) async throws {
    // The service's own word on it.
    let kernel = InMemoryKernel()
    let login = try await PlystraClient(baseURL: Sample.baseURL, transport: kernel)
      .auth.login(email: "alice@example.com", password: "plystra-demo")
    let answer = try await kernel.send(
      TransportRequest(
        method: "POST", url: "https://plystra.test/api/v1/authz/check",
        headers: ["Authorization": "Bearer \(login.tokens.accessToken.withExposedValue { $0 })"],
        body: try request.serialized()))
    let code = try JSONValue(parsing: answer.body)["error"]?["code"]?.stringValue
    #expect(answer.status == 403)

    let transport = ScriptedTransport()
    let clients = [
      try PlystraClient(baseURL: Sample.baseURL, accessToken: "token", transport: transport),
      try PlystraClient(baseURL: Sample.baseURL, session: login.tokens, transport: transport),
    ]
    for client in clients {
      for isExplained in [true, false] {
        let error = try await plystraError {
          try await isExplained ? client.authz.explain(request) : client.authz.check(request)
        }
        #expect(error.code?.rawValue == code)
        #expect(error.kind == .credentials)
        #expect(error.operation == (isExplained ? "authz.explain" : "authz.check"))
        #expect(error.attempts == 0)
        #expect(error.requestID != nil)
      }
    }
    #expect(transport.requests.isEmpty)
  }

  @Test("with an API key, also beside a session, it is asked", arguments: inline)
  func asked(request: AuthorizationRequest) async throws {
    let transport = ScriptedTransport(thenAlways: .allowed)
    let client = try PlystraClient(
      baseURL: Sample.baseURL, session: Canary.session, apiKey: "key", transport: transport)
    _ = try await client.authz.check(request)
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == ["key"])
  }

  @Test("a session may ask about itself and its own bindings")
  func managed() async throws {
    let transport = ScriptedTransport(thenAlways: .allowed)
    let client = try PlystraClient(baseURL: Sample.baseURL, session: Canary.session, transport: transport)
    _ = try await client.authz.check(AuthorizationRequest(resource: Self.invoice, action: "approve"))
    _ = try await client.authz.check(
      AuthorizationRequest(actor: Self.actor, resource: Self.invoice, action: "approve"))
    _ = try await client.authz.check(Self.metadata { $0.userEmail = "" })
    #expect(transport.requests.count == 3)
  }

  @Test("a client without any credential is told to get one, not that it needs a key")
  func nothing() async throws {
    let client = try PlystraClient(baseURL: Sample.baseURL, transport: ScriptedTransport())
    let error = try await plystraError { try await client.authz.check(Self.inline[0]) }
    #expect(error.code == .authenticationRequired)
  }
}
