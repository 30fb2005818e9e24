import TestSupport
import Testing

@testable import PlystraCore

@Suite("Interceptors see no credential", .timeLimit(.minutes(minutesOfAHang)))
struct InterceptorFirewallTests {
  /// Keeps all that it sees, and asks for trouble.
  private final class Spy: Interceptor {
    private let log = Locked<(texts: [String], contexts: [AttemptContext])>(([], []))
    let change: @Sendable (inout TransportRequest) -> Void

    init(_ change: @escaping @Sendable (inout TransportRequest) -> Void = { _ in }) { self.change = change }

    var texts: [String] { log.withLock { $0.texts } }
    var contexts: [AttemptContext] { log.withLock { $0.contexts } }

    func intercept(_ request: TransportRequest, context: AttemptContext, next: Next) async throws
      -> TransportResponse
    {
      var request = request
      change(&request)
      log.withLock { $0.texts.append(Echo.text(of: request)) }
      log.withLock { $0.contexts.append(context) }
      let response = try await next(request)
      log.withLock { log in
        log.texts += response.headers.map(\.value) + [String(decoding: response.body, as: UTF8.self)]
      }
      return response
    }
  }

  private let time = ManualTime()

  private func client(
    _ transport: any HTTPTransport, _ interceptors: [any Interceptor]
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: Secret(Canary.apiKey)),
      session: Canary.session, configuration: PlystraClient.Configuration(interceptors: interceptors),
      transport: transport, timing: time.timing())
  }

  /// Refuses the session's token, changes it when asked, and answers everything else.
  private func transport() throws -> ScriptedTransport {
    let rotated = Array(#"{"data":"#.utf8) + (try Canary.rotated.serialized()) + [0x7D]
    return ScriptedTransport(
      thenAlways: .run { request in
        if request.headers["Authorization"] == "Bearer \(Canary.accessToken)" {
          return try TokenService.answer("error.401", 401)
        }
        if request.url.hasSuffix("/auth/refresh") { return TransportResponse(status: 200, body: rotated) }
        let name = request.url.split(separator: "/").last ?? ""
        let fixtures = [
          "register": "auth-register", "login": "auth-login", "logout": "auth-logout", "health": "health",
        ]
        return try TokenService.answer(fixtures[String(name)] ?? "actor-context")
      })
  }

  @Test("neither in requests and answers nor in those of a session's refresh", arguments: Canary.calls)
  func blind(call: Canary.Call) async throws {
    let (spy, inner) = (Spy(), Spy())
    let transport = try transport()
    _ = try? await call.run(client(transport, [spy, inner]))
    #expect(!spy.texts.isEmpty)
    for text in spy.texts + inner.texts {
      #expect(!text.contains(Canary.mark), "\(text)")
      #expect(!text.contains("ply_at_") && !text.contains("ply_rt_"), "\(text)")
    }
    // While what was sent did carry them.
    #expect(transport.requests.contains { Echo.text(of: $0).contains(Canary.mark) })
  }

  @Test(
    "each attempt is seen, with a replay under the attempt's own number and the refresh as a call of its own")
  func contexts() async throws {
    let spy = Spy()
    _ = try await client(try transport(), [spy]).withRequestID("mine").actor.context()
    #expect(spy.contexts.map(\.operation) == ["actor.context", "auth.refresh", "actor.context"])
    #expect(spy.contexts.map(\.attempt) == [1, 1, 1])
    #expect(spy.contexts.map { $0.requestID == "mine" } == [true, false, true])
  }

  @Test("credentials that an interceptor sets are dropped", arguments: TransportHeaders.credentialNames)
  func ownCredentials(name: String) async throws {
    let spy = Spy { request in
      request.headers.add(name, "own")
      request.headers.add(name.lowercased(), "own-2")
      request.headers["X-Request-ID"] = "own"
    }
    let transport = try transport()
    let client = try client(transport, [spy])
    _ = try await client.withRequestID("mine").request(APIRequest(path: "/x"))
    _ = try await client.withRequestID("mine").system.health()
    for request in transport.requests {
      #expect(!Echo.text(of: request).contains("own"))
      #expect(request.headers.values(of: "X-Request-ID") == ["mine"])
    }
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [Canary.apiKey, nil])
  }

  @Test(
    "credentials are bound to the origin",
    arguments: [
      "https://evil.test/x", "http://plystra.test/x", "https://plystra.test.evil.test/x",
      "https://plystra.test:444/x", "https://plystra.test@evil.test/x", "https://plystra.test:x@evil.test/",
      "https://plystra.testevil/", "//plystra.test/x", "/x", "", "HTTPS://PLYSTRA.TEST.evil/",
      "https://plystra.test\\@evil.test/", "https://plystra.test#@evil.test/",
      "https://plystra.test\u{301}/x",
      "https://evil.test/https://plystra.test/",
    ])
  func origin(url: String) async throws {
    let transport = try transport()
    let client = try client(transport, [Spy { $0.url = url }])
    for call in Canary.calls where call.testDescription != "auth.logout of the session" {
      let error = try await plystraError { try await call.run(client) }
      #expect(error.kind == .invalidRequest)
      #expect(!Printout(of: error).shows(Canary.mark))
    }
    #expect(transport.requests.isEmpty)
  }

  @Test("a body that an interceptor makes up does not replace one that was withheld from it")
  func ownBody() async throws {
    let transport = try transport()
    let client = try client(transport, [Spy { $0.body = Array("own".utf8) }])
    _ = try await client.auth.login(email: "e@example.com", password: "plystra-demo")
    #expect(transport.requests.first?.text == #"{"email":"e@example.com","password":"plystra-demo"}"#)
  }
}

@Suite("Credentials follow no redirect and ask no favours", .timeLimit(.minutes(minutesOfAHang)))
struct OriginTests {
  @Test("Row 41: a redirect is an error, whatever it points to", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    for target in ["https://evil.test/", "http://plystra.test/x", "/api/v1/other", "https://plystra.test/x"] {
      let transport = ScriptedTransport(.answer(status, headers: ["Location": target]))
      let error = try await plystraError {
        try await Sample.client(transport).authz.check(Sample.question)
      }
      #expect(error.kind == .api)
      #expect(error.status == status)
      #expect(error.attempts == 1)
      #expect(transport.requests.count == 1)
    }
  }

  @Test("a session goes over plain http only to this machine, or where the application allows it")
  func plainHTTP() throws {
    let transport = ScriptedTransport()
    let error = try plystraError {
      try PlystraClient(baseURL: "http://plystra.test", session: Canary.session, transport: transport)
    }
    #expect(error.kind == .credentials)
    #expect(error.message.hasPrefix("session.accessToken: "))
    let client = try PlystraClient(baseURL: "http://plystra.test", transport: transport)
    #expect(try plystraError { try client.setSession(Canary.session) }.kind == .credentials)
    #expect(client.core.credentials.secrets.isEmpty)
    try client.setSession(nil)
    for url in ["http://127.0.0.1:8080", "http://[::1]", "http://localhost"] {
      _ = try PlystraClient(baseURL: url, session: Canary.session, transport: transport)
    }
    _ = try PlystraClient(
      baseURL: "http://plystra.test", session: Canary.session,
      configuration: PlystraClient.Configuration(allowsInsecureHTTP: true), transport: transport)
  }
}
