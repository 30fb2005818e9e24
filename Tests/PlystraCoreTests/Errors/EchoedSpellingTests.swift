import TestSupport
import Testing

@testable import PlystraCore

@Suite("No credential in any error, however it is spelled (row 63)")
struct EchoedSpellingTests {
  static let apiKey = "kEy>?>canary-8F2a~/71"
  static let gatewayToken = "gAte>?>canary-3C9d~/05"

  private func client(
    _ transport: any HTTPTransport, interceptors: [any Interceptor] = []
  ) throws -> PlystraClient {
    try Sample.client(
      transport, apiKey: Self.apiKey,
      configuration: PlystraClient.Configuration(
        retryPolicy: .never, interceptors: interceptors,
        defaultHeaders: ["X-Gateway-Token": Self.gatewayToken]))
  }

  private func expectGone(_ spelling: SecretSpelling, from error: any Error) {
    let text = Set(printings(of: error)).joined(separator: "\n")
    #expect(!text.contains(spelling.tell), "\(spelling.description): \(text)")
  }

  @Test(
    "echoed by the service",
    arguments: SecretSpelling.all(of: apiKey) + SecretSpelling.all(of: gatewayToken))
  func service(spelling: SecretSpelling) async throws {
    let json = String(decoding: JSONValue.string("you sent \(spelling.text)").serialized(), as: UTF8.self)
    let bodies = [
      #"{"error":{"code":\#(json),"message":\#(json),"details":{\#(json):[\#(json)]},"request_id":\#(json)}}"#,
      "<p>\(spelling.text)</p>", json, #"{"data":{"status":{\#(json):tru}}}"#,
    ]
    for body in bodies {
      for status in [200, 400] {
        let transport = ScriptedTransport(
          .answer(status, body, headers: ["X-Plystra-Trace-ID": spelling.text]))
        let error = try await plystraError { try await client(transport).authz.check(Sample.question) }
        expectGone(spelling, from: error)
      }
    }
  }

  private func foreignError(_ text: String) -> PlystraError {
    PlystraError(
      kind: .configuration, operation: text, message: text, status: 418, code: ErrorCode(rawValue: text),
      denyCode: DenyCode(rawValue: text), details: .object([text: .string(text)]), requestID: text,
      traceID: text, auditLogID: text,
      underlyingError: PlystraError(
        kind: .api, message: text,
        underlyingError: JSONError(reason: text, offset: 0, path: text)))
  }

  @Test(
    "in an error of the SDK's own type that a transport or an interceptor throws",
    arguments: SecretSpelling.all(of: apiKey) + SecretSpelling.all(of: gatewayToken))
  func foreign(spelling: SecretSpelling) async throws {
    let thrown = foreignError("sent " + spelling.text)
    let transport = ScriptedTransport(thenAlways: .run { _ in throw thrown })
    let interceptor = Hook { _, _, _ in throw thrown }
    for client in [
      try client(transport), try client(ScriptedTransport(), interceptors: [interceptor]),
    ] {
      let error = try await plystraError { try await client.authz.check(Sample.question) }
      #expect(error.kind == .configuration)
      #expect(error.status == 418)
      expectGone(spelling, from: error)
    }
  }

  @Test("a part of a header value is masked where it is the credential", arguments: ["Basic", "Token"])
  func schemes(scheme: String) async throws {
    let transport = ScriptedTransport(.answer(400, #"{"error":{"message":"who is c2VjcmV0LWdhdGV3YXk?"}}"#))
    let client = try Sample.client(
      transport,
      configuration: PlystraClient.Configuration(
        defaultHeaders: ["X-Gateway-Auth": "\(scheme) c2VjcmV0LWdhdGV3YXk"]))
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.message == "who is ***?")
  }

  @Test("the value of a cookie of the application's own is masked without its name")
  func cookies() async throws {
    let transport = ScriptedTransport(.answer(400, #"{"error":{"message":"who is CANARY-5501~?"}}"#))
    let client = try Sample.client(
      transport,
      configuration: PlystraClient.Configuration(defaultHeaders: ["X-Cookie-Jar": "a=1; id=canary-5501~"]))
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.message == "who is ***?")
  }

  @Test("the values of other default headers are shown")
  func otherHeaders() async throws {
    let transport = ScriptedTransport(.answer(400, #"{"error":{"message":"no tenant north-west"}}"#))
    let client = try Sample.client(
      transport,
      configuration: PlystraClient.Configuration(defaultHeaders: ["X-Tenant": "north-west"]))
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.message == "no tenant north-west")
  }
}
