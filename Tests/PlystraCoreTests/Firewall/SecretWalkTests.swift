import Foundation
import PlystraTesting
import TestSupport
import Testing

@testable import PlystraCore

@Suite("No secret in anything that can be printed", .timeLimit(.minutes(minutesOfAHang)))
struct SecretWalkTests {
  /// Which secrets a client holds.
  enum Holding: CaseIterable, Sendable {
    case key, token, session

    func client(
      _ transport: any HTTPTransport, configuration: PlystraClient.Configuration, timing: Timing
    ) throws -> PlystraClient {
      try PlystraClient(
        baseURL: Sample.baseURL,
        credentials: Credentials(
          apiKey: self == .token ? nil : Secret(Canary.apiKey),
          accessToken: self == .token ? Secret(Canary.accessToken) : nil),
        session: self == .session ? Canary.session : nil, configuration: configuration,
        transport: transport, timing: timing)
    }
  }

  private func expectClean(
    _ value: Any, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let shown = Printout(of: value).firstShowing(Canary.mark)
    #expect(shown == nil, comment, sourceLocation: sourceLocation)
  }

  @Test("errors, events, clients and requests, whatever goes wrong", arguments: Canary.calls, Echo.all)
  func everyErrorPath(call: Canary.Call, echo: Echo) async throws {
    for holding in Holding.allCases {
      let log = EventLog()
      let transport = ScriptedTransport(thenAlways: .run { try echo.answer($0) })
      let client = try holding.client(
        transport, configuration: PlystraClient.Configuration(observer: log), timing: ManualTime().timing())
      do {
        _ = try await call.run(client)
      } catch {
        expectClean(error, "\(holding)")
      }
      expectClean(log.events)
      expectClean(client)
      expectClean(transport.requests)
    }
  }

  @Test("a session's refresh that fails, whichever way", arguments: Echo.all)
  func refreshes(echo: Echo) async throws {
    let log = EventLog()
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        if request.url.hasSuffix("/refresh") { return try echo.answer(request) }
        return TransportResponse(status: 401, body: Array(Echo.text(of: request).utf8))
      })
    let client = try Holding.session.client(
      transport, configuration: PlystraClient.Configuration(observer: log), timing: ManualTime().timing())
    for _ in 0..<2 {
      let error = try await plystraError { try await client.actor.context() }
      expectClean(error)
    }
    expectClean(log.events)
    expectClean(client.core.credentials)
  }

  @Test("a token or key that the service shows after it was replaced", arguments: [Holding.key, .token])
  func replaced(holding: Holding) async throws {
    let secret = holding == .key ? Canary.apiKey : Canary.accessToken
    let holder = Locked<PlystraClient?>(nil)
    let transport = ScriptedTransport(
      .run { request in
        // Both are replaced while the call is under way, so that only the attempt still knows what it carried.
        try holder.withLock { $0 }?.setAccessToken(nil)
        try holder.withLock { $0 }?.setAPIKey(nil)
        #expect(Echo.text(of: request).contains(secret))
        return TransportResponse(status: 500, body: Array("you sent \(secret)".utf8))
      })
    let client = try holding.client(
      transport, configuration: PlystraClient.Configuration(retryPolicy: .never),
      timing: ManualTime().timing())
    holder.withLock { $0 = client }
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.status == 500)
    expectClean(error)
  }

  @Test("credentials that a client refuses")
  func refusedCredentials() async throws {
    let bad = "canary~ with a space\r\n"
    let transport = ScriptedTransport()
    let client = try PlystraClient(baseURL: Sample.baseURL, transport: transport)
    let pairs = [
      TokenPair(accessToken: Secret(bad), refreshToken: Secret("r")),
      TokenPair(accessToken: Secret("a"), refreshToken: Secret(bad)),
    ]
    for pair in pairs {
      expectClean(try plystraError { try client.setSession(pair) })
      expectClean(
        try plystraError {
          try PlystraClient(baseURL: Sample.baseURL, session: pair, transport: transport)
        })
    }
    expectClean(try plystraError { try client.setAPIKey(bad) })
    expectClean(try plystraError { try client.setAccessToken(bad) })
    let elsewhere = try PlystraClient(baseURL: "http://plystra.test", transport: transport)
    expectClean(try plystraError { try elsewhere.setSession(Canary.session) })
    for call in Canary.calls.prefix(4) {
      expectClean(try await plystraError { try await call.run(elsewhere) })
    }
    for url in ["https://u:canary~@h", "canary~", "https://h?canary~", "https://h/#canary~", "ftp://canary~"]
    {
      expectClean(try plystraError { try PlystraClient(baseURL: url, transport: transport) })
    }
    #expect(transport.requests.isEmpty)
  }

  @Test("default headers that a client refuses", arguments: TransportHeaders.credentialNames)
  func refusedHeaders(name: String) throws {
    for name in [name, name.lowercased(), name.uppercased()] {
      let headers = TransportHeaders([(name: name, value: Canary.apiKey)])
      let configuration = PlystraClient.Configuration(defaultHeaders: headers)
      expectClean(configuration)
      let error = try plystraError {
        try PlystraClient(
          baseURL: Sample.baseURL, configuration: configuration, transport: ScriptedTransport())
      }
      #expect(error.kind == .configuration)
      expectClean(error)
    }
  }

  @Test("every public type that holds or carries a secret")
  func publicTypes() async throws {
    let kernel = InMemoryKernel(
      seed: KernelSeed(
        apiKeys: [KernelSeed.APIKey(key: Secret(Canary.apiKey))],
        users: [KernelSeed.User(id: "u", email: "e@example.com", password: Secret(Canary.password))]))
    let client = try PlystraClient(
      baseURL: Sample.baseURL, session: Canary.session, apiKey: Canary.apiKey, transport: kernel)
    let body = try Canary.registration.serialized()
    let request = TransportRequest(
      method: "POST", url: "https://plystra.test/x",
      headers: ["Authorization": "Bearer \(Canary.accessToken)", "x-plystra-api-key": Canary.apiKey],
      body: body)
    let session = UserSession(tokens: Canary.session, user: UserAccount(id: "u"))
    var registration = Registration(user: UserAccount(id: "u"))
    registration.tokens = Canary.session
    let values: [Any] = [
      Secret(Canary.apiKey), Canary.session, Canary.registration, session, registration, request,
      request.headers, TransportResponse(status: 200, headers: ["Set-Cookie": Canary.mark], body: body),
      client, try client.withRequestID("req_mine"), client.auth, client.actor, client.authz, client.system,
      client.audit, client.resourceTypes, kernel, KernelServer(kernel), client.core, client.core.credentials,
      RefreshOutcome.rotated(Canary.session), SessionState(tokens: Canary.session),
    ]
    for (index, value) in values.enumerated() { expectClean(value, "\(index): \(type(of: value))") }
    for value in values.prefix(6) { expectClean([value, Optional(value) as Any, (1, value)]) }
  }

  @Test("what a login, a registration and a refresh answer")
  func answers() async throws {
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        let name = request.url.hasSuffix("register") ? "auth-register" : "auth-login"
        var text = String(decoding: try Fixtures.body(name), as: UTF8.self)
        for (name, token) in [("at", Canary.newAccessToken), ("rt", Canary.newRefreshToken)] {
          let old = try #require(text.firstMatch(of: try Regex("ply_\(name)_[0-9a-f]+"))).range
          text.replaceSubrange(old, with: token)
        }
        return TransportResponse(status: 200, body: Array(text.utf8))
      })
    let client = try PlystraClient(baseURL: Sample.baseURL, transport: transport)
    let session = try await client.auth.login(email: "e@example.com", password: Canary.password)
    #expect(session.tokens.accessToken == Secret(Canary.newAccessToken))
    expectClean(session)
    expectClean(try await client.auth.register(Canary.registration))
    expectClean(try await client.auth.refresh(refreshToken: Canary.refreshToken))
  }
}
