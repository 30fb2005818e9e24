import PlystraCore
import TestSupport
import Testing

@Suite("Which credential travels where (contract §1)")
struct CredentialRoutingTests {
  /// What a client holds.
  enum Holding: CaseIterable, Sendable { case key, token, both, nothing }

  @Test("each call with each kind of client", arguments: CallCase.all, Holding.allCases)
  func credential(call: CallCase, holding: Holding) async throws {
    let transport = ScriptedTransport(thenAlways: .fixture(call.fixture))
    let hasKey = holding == .key || holding == .both
    let hasToken = holding == .token || holding == .both
    let client = try Sample.client(
      transport, apiKey: hasKey ? Sample.apiKey : nil, accessToken: hasToken ? Sample.accessToken : nil)

    if holding == .nothing, call.credential != .none {
      let error = try await plystraError { try await call.run(client) }
      #expect(error.kind == .credentials)
      #expect(error.operation == call.operation)
      #expect(error.code == .authenticationRequired)
      #expect(error.attempts == 0)
      #expect(transport.requests.isEmpty)
      return
    }

    _ = try await call.run(client)
    let headers = try #require(transport.requests.first?.headers)
    let sendsKey =
      switch call.credential {
      case .none: false
      case .server: hasKey
      case .session: hasKey && !hasToken
      }
    let sendsToken = call.credential != .none && !sendsKey
    #expect(headers.values(of: "X-Plystra-API-Key") == (sendsKey ? [Sample.apiKey] : []))
    #expect(headers.values(of: "Authorization") == (sendsToken ? ["Bearer \(Sample.accessToken)"] : []))
  }

  @Test("a low-level request carries what it asks for")
  func lowLevel() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("health"))
    let client = try Sample.client(transport, accessToken: Sample.accessToken)
    for credential in [APIRequest.Credential.none, .server, .session] {
      _ = try await client.request(APIRequest(path: "/x", credential: credential))
    }
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [nil, Sample.apiKey, nil])
    #expect(
      transport.requests.map { $0.headers["Authorization"] } == [nil, nil, "Bearer \(Sample.accessToken)"])
  }

  @Test("a credential set between two attempts is used by the second")
  func replacedBetweenAttempts() async throws {
    let holder = Locked<PlystraClient?>(nil)
    let transport = ScriptedTransport(
      .run { _ in
        try holder.withLock { $0 }?.setAPIKey("key-2")
        throw TransportError(kind: .reset, message: "reset", mayHaveBeenSent: true)
      }, .fixture("authz-check.allow"))
    let client = try Sample.client(transport)
    holder.withLock { $0 = client }
    _ = try await client.authz.check(Sample.question)
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [Sample.apiKey, "key-2"])
  }

  @Test(
    "an access token that was removed is missed by the session's calls, and no API key takes its place",
    arguments: ["removed", "set and removed", "session removed"])
  func removedToken(way: String) async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("actor-context"))
    let client = try Sample.client(transport, accessToken: way == "removed" ? Sample.accessToken : nil)
    switch way {
    case "session removed":
      try client.setSession(TokenPair(accessToken: Secret("access"), refreshToken: Secret("refresh")))
      try client.setSession(nil)
    case "set and removed":
      try client.setAccessToken("access")
      try client.setAccessToken(nil)
    default: try client.setAccessToken(nil)
    }
    let calls: [@Sendable () async throws -> any Sendable] = [
      { try await client.actor.context() }, { try await client.actor.switchMember(memberID: "m1") },
      { try await client.request(APIRequest(path: "/x", credential: .session)) },
    ]
    for call in calls {
      let error = try await plystraError { try await call() }
      #expect(error.kind == .credentials)
      #expect(error.message.contains("accessToken") && error.message.contains("session"))
      #expect(error.code == .authenticationRequired)
      #expect(error.requestID == Sample.requestID)
      #expect(error.attempts == 0)
    }
    #expect(transport.requests.isEmpty)
    _ = try await client.request(APIRequest(path: "/x"))
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [Sample.apiKey])
  }

  @Test("a token that was never there to be removed is not missed")
  func neverHadToken() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("actor-context"))
    let client = try Sample.client(transport)
    try client.setAccessToken(nil)
    try client.setSession(nil)
    _ = try await client.actor.context()
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [Sample.apiKey])
  }

  @Test("each initialiser takes secrets as it takes texts, and nil where there may be none")
  func secrets() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("actor-context"))
    let (key, token) = (Secret("key"), Secret("token"))
    let (noSecret, noText): (Secret?, String?) = (nil, nil)
    let session = TokenPair(accessToken: token, refreshToken: Secret("refresh"))
    let url = Sample.baseURL
    let clients = [
      try PlystraClient(baseURL: url, apiKey: key, transport: transport),
      try PlystraClient(baseURL: url, apiKey: key, accessToken: nil, transport: transport),
      try PlystraClient(baseURL: url, apiKey: "key", accessToken: nil, transport: transport),
      try PlystraClient(baseURL: url, apiKey: key, accessToken: token, transport: transport),
      try PlystraClient(baseURL: url, apiKey: "key", accessToken: "token", transport: transport),
      try PlystraClient(baseURL: url, accessToken: token, transport: transport),
      try PlystraClient(baseURL: url, accessToken: "token", transport: transport),
      try PlystraClient(baseURL: url, session: session, transport: transport),
      try PlystraClient(baseURL: url, session: session, apiKey: nil, transport: transport),
      try PlystraClient(baseURL: url, session: session, apiKey: noSecret, transport: transport),
      try PlystraClient(baseURL: url, session: session, apiKey: noText, transport: transport),
      try PlystraClient(baseURL: url, session: session, apiKey: key, transport: transport),
      try PlystraClient(baseURL: url, session: session, apiKey: "key", transport: transport),
    ]
    for client in clients {
      _ = try await client.actor.context()
      _ = try await client.request(APIRequest(path: "/x"))
    }
    let carried = transport.requests.map { request in
      request.headers["X-Plystra-API-Key"] ?? request.headers["Authorization"] ?? "nothing"
    }
    let (onlyKey, onlyToken) = (["key", "key"], ["Bearer token", "Bearer token"])
    let both = ["Bearer token", "key"]
    let expected = [
      onlyKey, onlyKey, onlyKey, both, both, onlyToken, onlyToken, onlyToken, onlyToken, onlyToken, onlyToken,
      both, both,
    ]
    #expect(carried == expected.flatMap { $0 })
  }
}
