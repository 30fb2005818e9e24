import PlystraCore
import TestSupport
import Testing

@Suite("Configuration")
struct ConfigurationTests {
  private func refusal(_ configuration: PlystraClient.Configuration) throws -> PlystraError {
    let error = try plystraError {
      try PlystraClient(
        baseURL: Sample.baseURL, apiKey: "key", configuration: configuration, transport: ScriptedTransport())
    }
    #expect(error.kind == .configuration)
    return error
  }

  @Test(
    "numbers out of range are refused, by name",
    arguments: [
      (PlystraClient.Configuration(deadline: .zero), "deadline"),
      (PlystraClient.Configuration(deadline: .seconds(-1)), "deadline"),
      (PlystraClient.Configuration(attemptTimeout: .zero), "attemptTimeout"),
      (PlystraClient.Configuration(attemptTimeout: .nanoseconds(-1)), "attemptTimeout"),
      (PlystraClient.Configuration(maximumResponseBytes: 1_023), "maximumResponseBytes"),
      (PlystraClient.Configuration(maximumResponseBytes: .min), "maximumResponseBytes"),
      (
        PlystraClient.Configuration(retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 0)),
        "retryPolicy.maximumAttempts"
      ),
      (
        PlystraClient.Configuration(retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 11)),
        "retryPolicy.maximumAttempts"
      ),
      (
        PlystraClient.Configuration(retryPolicy: PlystraClient.RetryPolicy(initialDelay: .seconds(-1))),
        "retryPolicy.initialDelay"
      ),
      (
        PlystraClient.Configuration(retryPolicy: PlystraClient.RetryPolicy(maximumDelay: .nanoseconds(-1))),
        "retryPolicy.maximumDelay"
      ),
    ])
  func numbers(configuration: PlystraClient.Configuration, field: String) throws {
    #expect(try refusal(configuration).message.hasPrefix("\(field): "))
  }

  @Test(
    "a user agent's suffix that no header can carry is refused",
    arguments: ["", " x", "x ", "x\r\nX-Evil: 1", "x\0", "é", "\t"])
  func userAgent(suffix: String) throws {
    #expect(
      try refusal(PlystraClient.Configuration(userAgentSuffix: suffix)).message.hasPrefix("userAgentSuffix: ")
    )
  }

  @Test(
    "default headers that belong to the SDK or its transport are refused, whatever their case",
    arguments: [
      "Authorization", "authorization", "X-PLYSTRA-API-KEY", "Proxy-Authorization", "Cookie", "Set-Cookie",
      "x-request-id", "HOST", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE",
      "Trailer", "Upgrade", "Expect", "Accept", "accept-encoding", "Content-Type", "Content-Encoding",
      "User-Agent", "Proxy-Connection",
    ])
  func reservedHeaders(name: String) throws {
    let error = try refusal(PlystraClient.Configuration(defaultHeaders: TransportHeaders([(name, "hidden")])))
    #expect(error.message.hasPrefix("defaultHeaders: "))
    #expect(error.message.contains(name))
    #expect(!leaks(error, "hidden"))
  }

  @Test(
    "malformed header names are refused", arguments: ["", "a b", "a:", "a\r\nb", "é", "a\0", "a\"", "(a)"])
  func headerNames(name: String) throws {
    #expect(
      try refusal(PlystraClient.Configuration(defaultHeaders: TransportHeaders([(name, "x")]))).message
        .hasPrefix("defaultHeaders: "))
  }

  @Test(
    "malformed header values are refused and not quoted",
    arguments: ["hidden\r\nX-Evil: 1", "hidden\n", "hidden\0", "hiddén", " hidden", "hidden ", "hid\tden"])
  func headerValues(value: String) throws {
    let error = try refusal(PlystraClient.Configuration(defaultHeaders: ["X-Tenant": value]))
    #expect(error.message.hasPrefix("defaultHeaders: "))
    #expect(error.message.contains("X-Tenant"))
    #expect(!leaks(error, "hid"))
  }

  @Test("every setting that is accepted is honoured")
  func honoured() async throws {
    let transport = ScriptedTransport(.fixture("health"), .fixture("health"))
    let client = try PlystraClient(
      baseURL: Sample.baseURL,
      configuration: PlystraClient.Configuration(
        deadline: .seconds(3), attemptTimeout: .seconds(1), retryPolicy: .never, maximumResponseBytes: 1_024,
        userAgentSuffix: "billing/2.3 (x)",
        defaultHeaders: ["X-Tenant": "a b", "x-tenant": "c", "X-Empty": ""]),
      transport: transport)
    _ = try await client.system.health()
    _ = try await client.with(deadline: .milliseconds(400)).system.health()
    let request = try #require(transport.requests.first)
    #expect(request.headers["User-Agent"] == "plystra-swift/0.1.0 billing/2.3 (x)")
    #expect(request.headers.values(of: "X-Tenant") == ["a b", "c"])
    #expect(request.headers["X-Empty"] == "")
    #expect(request.maximumResponseBytes == 1_024)
    #expect(request.timeout == .seconds(1))
    #expect((transport.requests.last?.timeout ?? .zero) <= .milliseconds(400))
  }

  @Test("the defaults are those of the documentation")
  func defaults() {
    let configuration = PlystraClient.Configuration()
    #expect(configuration.deadline == .seconds(10))
    #expect(configuration.attemptTimeout == .seconds(5))
    #expect(configuration.maximumResponseBytes == 4_194_304)
    #expect(configuration.retryPolicy == PlystraClient.RetryPolicy.standard)
    #expect(configuration.retryPolicy.maximumAttempts == 3)
    #expect(configuration.retryPolicy.initialDelay == .milliseconds(100))
    #expect(configuration.retryPolicy.maximumDelay == .seconds(2))
    #expect(PlystraClient.RetryPolicy.never.maximumAttempts == 1)
    #expect(!configuration.allowsInsecureHTTP)
  }
}
