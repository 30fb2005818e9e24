import TestSupport
import Testing

@testable import PlystraCore

@Suite("Low-level requests to the routes of sessions")
struct AuthRouteTests {
  private static let password = "hidden-password-1"

  private func request(_ path: String) -> APIRequest {
    APIRequest(
      method: "POST", path: path,
      body: ["email": "a", "Password": .string(Self.password), "more": [["token": "hidden-token-2"]]])
  }

  @Test(
    "carry no credential, and show their bodies to nobody on the way, however the path is written",
    arguments: [
      "/api/v1/auth/login", "/api//v1/auth/login", "/api/v1/%61uth/login", "/api/v1/auth/login/",
      "/API/V1/Auth/LOGIN", "/api/v1/auth;x=1/login", "/api/v1/auth/login;jsessionid=7",
      "/api/v1/auth%2Flogin", "/api/v1/auth%2flogin", "/api/v1/auth//logout", "/api/v1/auth/%72efresh",
      "/api/v1/auth/register", "/%61%70%69/%76%31/%61%75%74%68/%6C%6F%67%69%6E", "/api/v1/auth/login%3Bx",
    ])
  func guarded(path: String) async throws {
    let seen = Locked<[String]>([])
    let spy = Hook { request, _, next in
      seen.withLock { $0.append(Echo.text(of: request)) }
      return try await next(request)
    }
    let body = #"{"error":{"message":"not hidden-password-1, not HIDDEN-TOKEN-2"}}"#
    let transport = ScriptedTransport(thenAlways: .answer(400, body))
    let client = try Sample.client(
      transport, accessToken: Sample.accessToken,
      configuration: PlystraClient.Configuration(interceptors: [spy]))
    let error = try await plystraError { try await client.request(request(path)) }
    #expect(error.message == "not ***, not ***")
    let sent = try #require(transport.requests.first)
    #expect(sent.headers["Authorization"] == nil && sent.headers["X-Plystra-API-Key"] == nil)
    #expect(sent.url == Sample.baseURL + path)
    #expect(sent.text?.contains(Self.password) == true)
    #expect(seen.withLock { $0.count } == 1)
    #expect(seen.withLock { $0.allSatisfy { !$0.contains("hidden") } })
  }

  @Test(
    "are refused over plain http, however the path is written",
    arguments: ["/api/v1/auth/login", "/api//v1/%61uth/login/"])
  func plainHTTP(path: String) async throws {
    let transport = ScriptedTransport()
    let client = try PlystraClient(baseURL: "http://plystra.test", transport: transport)
    let error = try await plystraError {
      var request = request(path)
      request.credential = .none
      return try await client.request(request)
    }
    #expect(error.kind == .credentials)
    #expect(transport.requests.isEmpty)
  }

  @Test(
    "are refused where the path is one of them in some readings only",
    arguments: [
      "/api/v1/%2561uth/login", "/api/v1/auth%252Flogin", "/x%2F..%2Fapi/v1/auth/login",
      "/api/v1%5Cauth/login", "/api/v1/x/%252e%252E/auth/login", "/api/v1/x%2F%2E%2E%2Fauth/login",
      "/api/v1/auth%2F..%2Fthings", "/api/v1/..;/v1/auth/login", "/api/v1/x/..;a=1/auth/login",
      "/api/v1/auth%00/login", "/api/v1/%25252561uth/login",
    ])
  func ambiguous(path: String) async throws {
    let transport = ScriptedTransport()
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.request(request(path)) }
    #expect(error.kind == .invalidRequest)
    #expect(error.message.hasPrefix("path: "))
    #expect(!error.message.contains(path))
    #expect(transport.requests.isEmpty)
  }

  @Test(
    "other routes carry what they ask for",
    arguments: [
      "/api/v1/authz/check", "/api/v1/things/auth/login", "/api/v1/audit/logs/%252F", "/a%2F..%2Fb",
      "/auth/login", "/api/v1/auth/sessions", "/api/v1/audit/logs/100%25", "/api/v1/aut/h",
      "/api/v2/auth/login",
    ])
  func others(path: String) async throws {
    let transport = ScriptedTransport(.fixture("health"))
    _ = try await Sample.client(transport).request(request(path))
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [Sample.apiKey])
  }
}
