import TestSupport
import Testing

@testable import PlystraCore

@Suite("Scoped copies")
struct ScopedCopyTests {
  @Test("share credentials both ways")
  func credentials() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("capabilities"))
    let client = try PlystraClient(baseURL: Sample.baseURL, apiKey: "key-1", transport: transport)
    let scoped = try client.withRequestID("mine")
    let patient = scoped.with(deadline: .seconds(60))

    _ = try await patient.system.capabilities()
    try client.setAPIKey("key-2")
    _ = try await patient.system.capabilities()
    try patient.setAPIKey(nil)
    try scoped.setAccessToken("token-3")
    _ = try await client.system.capabilities()
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == ["key-1", "key-2", nil])
    #expect(transport.requests.map { $0.headers["Authorization"] } == [nil, nil, "Bearer token-3"])
  }

  @Test("do not hand their options back, and keep those that were not named")
  func options() async throws {
    let transport = ScriptedTransport(thenAlways: .answer(503))
    let time = FakeTime()
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), configuration: PlystraClient.Configuration(),
      transport: transport, timing: time.timing)
    let once = client.with(retryPolicy: .never)
    let brief = once.with(deadline: .seconds(1))
    let named = try brief.withRequestID("mine")

    func attempts(_ client: PlystraClient) async throws -> (attempts: Int, id: String?, timeout: Duration?) {
      let error = try await plystraError { try await client.system.health() }
      return (error.attempts, error.requestID, transport.requests.last?.timeout)
    }
    let ofNamed = try await attempts(named)
    #expect(ofNamed == (1, "mine", .seconds(1)))
    let ofBrief = try await attempts(brief)
    #expect(ofBrief.id != "mine")
    #expect(ofBrief.timeout == .seconds(1))
    let ofOnce = try await attempts(once)
    #expect(ofOnce.attempts == 1)
    #expect(ofOnce.timeout == .seconds(5))
    let ofClient = try await attempts(client)
    #expect(ofClient.attempts == 3)
    #expect(ofClient.id != "mine")
  }

  @Test("login, refresh and logout change no credential")
  func authCallsChangeNothing() async throws {
    let transport = ScriptedTransport(
      .fixture("auth-login"), .fixture("auth-refresh"), .fixture("auth-logout"), .fixture("actor-context"))
    let client = try PlystraClient(baseURL: Sample.baseURL, accessToken: "token-1", transport: transport)
    _ = try await client.auth.login(email: "a@example.com", password: "plystra-demo")
    _ = try await client.auth.refresh(refreshToken: "ply_rt_1")
    try await client.auth.logout(refreshToken: "ply_rt_2")
    _ = try await client.actor.context()
    #expect(transport.requests.last?.headers["Authorization"] == "Bearer token-1")
  }

  @Test(
    "a policy out of range is refused by each call, before anything is sent",
    arguments: [
      (PlystraClient.RetryPolicy(maximumAttempts: 0), "retryPolicy.maximumAttempts"),
      (PlystraClient.RetryPolicy(maximumAttempts: .max), "retryPolicy.maximumAttempts"),
      (PlystraClient.RetryPolicy(initialDelay: .seconds(-1)), "retryPolicy.initialDelay"),
      (PlystraClient.RetryPolicy(maximumDelay: .seconds(-1)), "retryPolicy.maximumDelay"),
    ])
  func badPolicy(policy: PlystraClient.RetryPolicy, field: String) async throws {
    let transport = ScriptedTransport(thenAlways: .answer(503))
    let client = try Sample.client(transport).with(retryPolicy: policy)
    let error = try await plystraError { try await client.system.health() }
    #expect(error.kind == .configuration)
    #expect(error.operation == "system.health")
    #expect(error.message.hasPrefix("\(field): "))
    #expect(transport.requests.isEmpty)
    // The error stays with the policy: a copy with another deadline keeps it, one with another policy does not.
    await #expect(throws: PlystraError.self) { try await client.with(deadline: .seconds(5)).system.health() }
    #expect(transport.requests.isEmpty)
    _ = try await plystraError { try await client.with(retryPolicy: .never).system.health() }
    #expect(transport.requests.count == 1)
  }

  @Test("print the address and nothing else")
  func printing() throws {
    let client = try PlystraClient(
      baseURL: "https://plystra.test/p", apiKey: "hidden-key", accessToken: "hidden-token",
      transport: ScriptedTransport()
    ).withRequestID("mine")
    #expect(client.description == "PlystraClient(https://plystra.test/p)")
    #expect(client.debugDescription == client.description)
    for value in [client, client.auth, client.authz, client.core, client.core.credentials] as [Any] {
      #expect(!leaks(value, "hidden"))
    }
  }
}
