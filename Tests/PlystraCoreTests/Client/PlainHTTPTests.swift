import PlystraCore
import TestSupport
import Testing

@Suite("Credentials and plain http")
struct PlainHTTPTests {
  static let elsewhere = "http://plystra.test"

  private func check(_ error: PlystraError, names field: String) {
    #expect(error.kind == .credentials)
    #expect(error.message.hasPrefix("\(field): "))
    #expect(error.message.contains("allowsInsecureHTTP"))
    #expect(!leaks(error, "hidden"))
  }

  @Test("a client with credentials is refused at init")
  func atInit() throws {
    let transport = ScriptedTransport()
    check(
      try plystraError {
        try PlystraClient(baseURL: Self.elsewhere, apiKey: "hidden", transport: transport)
      }, names: "apiKey")
    check(
      try plystraError {
        try PlystraClient(baseURL: Self.elsewhere, accessToken: "hidden", transport: transport)
      }, names: "accessToken")
  }

  @Test("credentials are refused at the setters; removing them is not")
  func atSetters() throws {
    let client = try PlystraClient(baseURL: Self.elsewhere, transport: ScriptedTransport())
    check(try plystraError { try client.setAPIKey("hidden") }, names: "apiKey")
    check(try plystraError { try client.setAccessToken(Secret("hidden")) }, names: "accessToken")
    try client.setAPIKey(nil)
    try client.setAccessToken(nil)
  }

  @Test(
    "calls whose body holds a credential are refused", arguments: CallCase.writes.filter(\.isConfidential))
  func bodies(call: CallCase) async throws {
    let transport = ScriptedTransport()
    let client = try PlystraClient(baseURL: Self.elsewhere, transport: transport)
    let error = try await plystraError { try await call.run(client) }
    #expect(error.kind == .credentials)
    #expect(error.operation == call.operation)
    #expect(error.message.contains("allowsInsecureHTTP"))
    #expect(transport.requests.isEmpty)
  }

  @Test("what needs no credential is answered")
  func publicCalls() async throws {
    let transport = ScriptedTransport(.fixture("health"))
    #expect(
      try await PlystraClient(baseURL: Self.elsewhere, transport: transport).system.health().status == "ok")
  }

  @Test(
    "this machine needs no permission", arguments: ["http://localhost:1", "http://127.0.0.1", "http://[::1]"])
  func loopback(url: String) async throws {
    let transport = ScriptedTransport(.fixture("actor-context"), .fixture("auth-login"))
    let client = try PlystraClient(baseURL: url, apiKey: "key", accessToken: "token", transport: transport)
    try client.setAPIKey("key-2")
    _ = try await client.actor.context()
    _ = try await client.auth.login(email: "a@example.com", password: "plystra-demo")
    #expect(transport.stepsLeft == 0)
  }

  @Test("allowed where the application says so")
  func allowed() async throws {
    let transport = ScriptedTransport(.fixture("actor-context"), .fixture("auth-login"))
    let client = try PlystraClient(
      baseURL: Self.elsewhere, apiKey: "key",
      configuration: PlystraClient.Configuration(allowsInsecureHTTP: true),
      transport: transport)
    try client.setAccessToken("token")
    _ = try await client.actor.context()
    _ = try await client.auth.login(email: "a@example.com", password: "plystra-demo")
    #expect(transport.stepsLeft == 0)
  }
}
