import Foundation
import TestSupport
import Testing

@testable import PlystraCore

@Suite("No credential in any error, whatever the server echoes")
struct CanaryTests {
  /// An error of neither the SDK nor a transport.
  struct Unknown: Error {}

  /// Credentials without a known prefix, so that nothing but knowing them hides them.
  static let apiKey = "canary-api-KEY=0123456789/x"
  static let accessToken = "canary-access-TOKEN+abcdefghij"
  static let password = #"canary "pass & <word>\é😀"#
  static let refreshToken = "canary-refresh-TOKEN-klmnopqrst"
  static let registrationToken = "canary-registration-TOKEN-uvwxyz"
  static let secrets = [apiKey, accessToken, password, refreshToken, registrationToken]

  /// The calls whose request carries a credential, and what it carries.
  static let calls: [(name: String, run: @Sendable (PlystraClient) async throws -> any Sendable)] = [
    ("check", { try await $0.authz.check(Sample.question) }),
    ("list", { try await $0.audit.list() }),
    ("context", { try await $0.actor.context() }),
    (
      "register",
      {
        try await $0.auth.register(
          RegistrationRequest(
            email: "a", password: Secret(password), registrationToken: Secret(registrationToken)))
      }
    ),
    ("login", { try await $0.auth.login(email: "a", password: password) }),
    ("refresh", { try await $0.auth.refresh(refreshToken: refreshToken) }),
    ("logout", { try await $0.auth.logout(refreshToken: refreshToken) }),
    (
      "request",
      {
        try await $0.request(
          APIRequest(method: "POST", path: "/api/v1/auth/x", body: ["password": .string(password)]))
      }
    ),
    (
      "typed request",
      {
        try await $0.request(APIRequest(path: "/x", credential: .session), as: [String: Int].self)
      }
    ),
  ]

  /// What the server was told: each credential that came with the request, as it came.
  private static func heard(in request: TransportRequest) -> [String] {
    let inHeaders = request.headers.filter { TransportHeaders.isCredential($0.name) }.map(\.value)
    let body = request.body.flatMap { try? JSONValue(parsing: $0) }?.objectValue
    let inBody = ["password", "refresh_token", "registration_token"].compactMap { body?[$0]?.stringValue }
    return inHeaders + inHeaders.map { $0.replacing("Bearer ", with: "") } + inBody
  }

  /// With which statuses an echo comes, and whether its header fields echo too.
  private static let envelopes = [
    (200, true), (200, false), (400, true), (401, false), (500, false), (302, true),
  ]

  /// The bodies that echo a text somewhere.
  private static func bodies(echoing text: String) -> [String] {
    let json = String(decoding: JSONValue.string(text).serialized(), as: UTF8.self)
    let percent = PathSegment.encode(text)
    let html = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    return [
      #"{"error":{"code":\#(json),"message":\#(json),"details":{\#(json):[\#(json)]},"request_id":\#(json),"#
        + #""deny_code":\#(json),"trace_id":\#(json),"audit_log_id":\#(json)},"request_id":\#(json)}"#,
      #"{"error":{"message":"you sent \#(percent)","details":"Authorization: \#(percent)"}}"#,
      #"{"meta":{"request_id":\#(json)}}"#, #"{"request_id":\#(json),"data":{\#(json):}}"#,
      #"{"data":{\#(json):{"x":[1,{\#(json):tru}]}},"request_id":\#(json)}"#,
      #"{"data":{"status":\#(json),"allow":\#(json),"decision":\#(json)}}"#,
      #"{"data":{"status":7,"allow":true,"decision":\#(json),"items":\#(json)},"request_id":\#(json)}"#,
      #"{"data":{"logged_out":false},"request_id":\#(json)}"#, #"{"data":{\#(json):\#(json)}}"#,
      #"{"data":[{\#(json):7}],"pagination":{\#(json):7,"limit":\#(json)}}"#,
      #"{"echo":\#(json)"#, "<html>\(html)\(text)\(percent)</html>", text, json,
      String(repeating: text, count: 100), String(text.dropLast(4)), "{\"password\":\(json.dropLast(3))",
    ]
  }

  private static func answer(_ status: Int, _ body: String, echoing text: String?) -> TransportResponse {
    let headers = TransportHeaders(
      [
        "X-Request-ID", "X-Plystra-Error-Code", "X-Plystra-Trace-ID", "X-Plystra-Audit-Log-ID", "Retry-After",
        "Set-Cookie", "Authorization",
      ].compactMap { name in text.map { (name, $0) } })
    return TransportResponse(status: status, headers: headers, body: Array(body.utf8))
  }

  /// Fails where an error shows as much of a credential as would be of use to somebody.
  private static func expectNoLeak(_ error: any Error, _ comment: String) {
    let text = Set(printings(of: error)).joined(separator: "\n")
    for secret in secrets { #expect(!text.contains(secret.prefix(10)), "\(comment)") }
  }

  private func client(_ transport: ScriptedTransport) throws -> PlystraClient {
    try Sample.client(transport, apiKey: Self.apiKey, accessToken: Self.accessToken)
  }

  @Test("echoed in every part of an answer", arguments: calls.indices)
  func echoed(index: Int) async throws {
    let call = Self.calls[index]
    for form in Self.bodies(echoing: "").indices {
      for (status, isInHeaders) in Self.envelopes {
        for isEverything in [true, false] {
          let transport = ScriptedTransport(
            thenAlways: .run { request in
              let heard = Self.heard(in: request)
              let text = isEverything ? heard.joined(separator: " ") : heard.last ?? ""
              return Self.answer(
                status, Self.bodies(echoing: text)[form], echoing: isInHeaders ? text : nil)
            })
          do {
            _ = try await call.run(client(transport))
          } catch {
            Self.expectNoLeak(error, "\(call.name), body \(form), status \(status), headers \(isInHeaders)")
          }
        }
      }
    }
  }

  @Test("echoed by a transport that puts what it sent into its error", arguments: calls.indices)
  func transportErrors(index: Int) async throws {
    struct Careless: Error { let request: TransportRequest }
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        throw TransportError(
          kind: .protocolViolation,
          message: "sent \(request.headers.map { "\($0.name): \($0.value)" }) \(request.text ?? "")",
          mayHaveBeenSent: true, underlyingError: Careless(request: request))
      })
    let client = try client(transport)
    let error = try await plystraError { try await Self.calls[index].run(client) }
    Self.expectNoLeak(error, Self.calls[index].name)
    #expect(error.underlyingError is TransportError)

    let careless = ScriptedTransport(thenAlways: .run { throw Careless(request: $0) })
    let other = try self.client(careless)
    let foreign = try await plystraError { try await Self.calls[index].run(other) }
    Self.expectNoLeak(foreign, Self.calls[index].name)
  }

  @Test("in refusals before anything is sent")
  func refusals() async throws {
    let transport = ScriptedTransport()
    let client = try client(transport)
    let calls: [@Sendable () async throws -> any Sendable] = [
      { try await client.auth.login(email: "", password: Self.password) },
      { try await client.audit.get("..") },
      {
        try await client.auth.register(
          RegistrationRequest(
            email: "a", password: Secret(Self.password),
            metadata: ["x": .string(String(repeating: Self.password, count: 50_000))]))
      },
      {
        try await client.auth.register(
          RegistrationRequest(email: "a", password: Secret(Self.password), metadata: ["n": .number(.nan)]))
      },
      { try await client.request(APIRequest(path: "//\(Self.apiKey)")) },
      { try client.withRequestID(Self.apiKey + "\n") },
      { try client.setAPIKey(Self.apiKey + "\n") },
      { try PlystraClient(baseURL: "https://u:\(Self.refreshToken)@h", transport: transport) },
      { try PlystraClient(baseURL: "http://h", apiKey: Self.apiKey, transport: transport) },
    ]
    for call in calls {
      let error = try await plystraError { try await call() }
      Self.expectNoLeak(error, error.message)
    }
    #expect(transport.requests.isEmpty)
  }

  @Test("a Plystra token that this client never held is masked as well")
  func otherTokens() async throws {
    let body =
      #"{"error":{"message":"ply_at_other123 and ply_rt_other456","details":["ply_ak_id.other789"]}}"#
    let client = try client(ScriptedTransport(.answer(400, body)))
    let error = try await plystraError { try await client.system.health() }
    #expect(!leaks(error, "other"))
    #expect(error.message == "*** and ***")
    #expect(error.details == ["***"])
  }

  @Test("an answer to a login that does not fit shows none of its tokens")
  func newTokens() async throws {
    let body = String(decoding: try Fixtures.body("auth-login"), as: UTF8.self)
    for broken in [body.replacing(#""id":"user_alice""#, with: #""id":7"#), String(body.dropLast(5))] {
      for status in [200, 500] {
        let client = try client(ScriptedTransport(.answer(status, broken)))
        let error = try await plystraError { try await client.auth.login(email: "a", password: "b") }
        #expect(!leaks(error, "a1a1a1a1"))
        #expect(!leaks(error, "b2b2b2b2"))
      }
    }
  }
}
