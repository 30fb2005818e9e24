import Foundation
import TestSupport
import Testing

@testable import PlystraCore

/// Secrets that tests look for in everything that is printed.
enum Canary {
  /// What all of them hold.
  static let mark = "canary~"

  static let apiKey = "key-canary~7f3a9c51"
  static let accessToken = "access-canary~51d0be02"
  static let refreshToken = "refresh-canary~e84b2217"
  static let password = "password-canary~0c\"9d\\6e"
  static let registrationToken = "invitation-canary~aa17f4c8"
  /// Tokens that a service makes up look like this.
  static let newAccessToken = "ply_at_canary~d1d1d1d1"
  static let newRefreshToken = "ply_rt_canary~e2e2e2e2"

  static let session = TokenPair(accessToken: Secret(accessToken), refreshToken: Secret(refreshToken))
  static let rotated = TokenPair(accessToken: Secret(newAccessToken), refreshToken: Secret(newRefreshToken))

  static let registration = RegistrationRequest(
    email: "alice@example.com", password: Secret(password), registrationToken: Secret(registrationToken))

  /// One call that carries secrets.
  struct Call: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (PlystraClient) async throws -> any Sendable
  }

  /// Calls with every secret in every place where it may travel.
  static let calls = [
    Call(testDescription: "auth.register") { try await $0.auth.register(registration) },
    Call(testDescription: "auth.login") {
      try await $0.auth.login(email: "alice@example.com", password: Canary.password)
    },
    Call(testDescription: "auth.refresh") { try await $0.auth.refresh(refreshToken: refreshToken) },
    Call(testDescription: "auth.logout") { try await $0.auth.logout(refreshToken: refreshToken) },
    Call(testDescription: "auth.logout of the session") { try await $0.auth.logout() },
    Call(testDescription: "actor.context") { try await $0.actor.context() },
    Call(testDescription: "actor.switchMember") { try await $0.actor.switchMember(memberID: "m1") },
    Call(testDescription: "authz.check") { try await $0.authz.check(Sample.question) },
    Call(testDescription: "authz.explain") { try await $0.authz.explain(Sample.question).requireAllowed() },
    Call(testDescription: "audit.list") { try await $0.audit.list() },
    Call(testDescription: "audit.get") { try await $0.audit.get("audit_1") },
    Call(testDescription: "system.capabilities") { try await $0.system.capabilities() },
    Call(testDescription: "request") { try await $0.request(APIRequest(path: "/x", credential: .session)) },
    Call(testDescription: "request of a type") {
      try await $0.request(APIRequest(path: "/x"), as: [Int].self)
    },
  ]
}

/// An answer, or none, of a service, proxy or transport that shows all it was sent to everybody.
struct Echo: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let answer: @Sendable (TransportRequest) throws -> TransportResponse

  /// All that a request holds, as text.
  static func text(of request: TransportRequest) -> String {
    ([request.method, request.url] + request.headers.map { "\($0.name): \($0.value)" } + [request.text ?? ""])
      .joined(separator: " ")
  }

  private static func json(_ text: String) -> String {
    String(decoding: JSONValue.string(text).serialized(), as: UTF8.self)
  }

  private init(_ name: String, _ answer: @escaping @Sendable (TransportRequest) throws -> TransportResponse) {
    testDescription = name
    self.answer = answer
  }

  /// A body made of the echo, in which `ECHO` stands for the text and `JSON` for it as a JSON string.
  private static func body(_ status: Int, _ template: String) -> Echo {
    Echo("\(status) \(template.prefix(60))") { request in
      let text = text(of: request)
      let body = template.replacingOccurrences(of: "JSON", with: json(text))
        .replacingOccurrences(of: "ECHO", with: text)
      return TransportResponse(status: status, body: Array(body.utf8))
    }
  }

  private static func headers(_ status: Int) -> Echo {
    Echo("\(status) headers") { request in
      let text = text(of: request)
      let names = [
        "X-Request-ID", "X-Plystra-Error-Code", "X-Plystra-Trace-ID", "X-Plystra-Audit-Log-ID", "Location",
        "Retry-After", "X-Echo",
      ]
      return TransportResponse(
        status: status, headers: TransportHeaders(names.map { (name: $0, value: text) }),
        body: Array("{}".utf8))
    }
  }

  private struct Foreign: Error, CustomStringConvertible {
    let request: String
    var description: String { "failed: \(request)" }
  }

  /// An error of another package that hides what it holds from its description.
  private struct Secretive: Error, CustomStringConvertible {
    let request: [String]
    var description: String { "failed" }
  }

  private static func transport(
    _ kind: TransportError.Kind, _ cause: (@Sendable (String) -> any Error)? = nil
  ) -> Echo {
    Echo("\(kind)\(cause == nil ? "" : " with a cause")") { request in
      let text = text(of: request)
      throw TransportError(
        kind: kind, message: "cannot send \(text)", mayHaveBeenSent: true, underlyingError: cause?(text))
    }
  }

  private static let everywhere =
    #"{"error":{"code":JSON,"message":JSON,"details":{JSON:[JSON,{"x":JSON}]},"request_id":JSON,"#
    + #""deny_code":JSON,"trace_id":JSON,"audit_log_id":JSON},"request_id":JSON,"meta":{"request_id":JSON}}"#

  static let all: [Echo] =
    [400, 401, 403, 404, 409, 418, 429, 500, 503].map { body($0, everywhere) }
    + [301, 302, 307].map { headers($0) } + [400, 500].map { headers($0) }
    + [200, 401, 404, 502].map { body($0, "<html>ECHO</html>") }
    + [
      body(502, "ECHO"), body(500, "?q=ECHO"), body(500, #"{"error":JSON}"#), body(500, #"{JSON:JSON}"#),
      body(200, everywhere), body(200, #"{"data":{JSON:JSON,JSON:JSON}}"#), body(200, #"{"data":[JSON]}"#),
      body(200, #"{"data":JSON,"request_id":JSON}"#), body(200, #"{"data":JSON"#),
      body(200, #"{"data":{"allow":JSON,"decision":JSON,"user":{JSON:[1]},"id":{JSON:1}}}"#),
      body(200, #"[JSON]"#), body(200, #"{"error":JSON}"#), body(200, #"{"data":{"expires_at":JSON}}"#),
    ]
    + [.connect, .resolve, .tls, .timeout, .reset, .truncated, .protocolViolation, .other].map {
      transport($0)
    }
    + [
      transport(.reset) { Foreign(request: $0) }, transport(.other) { Secretive(request: [$0]) },
      transport(.tls) { text in
        TransportError(
          kind: .tls, message: text, mayHaveBeenSent: false, underlyingError: Foreign(request: text))
      },
      Echo("a foreign error") { throw Foreign(request: text(of: $0)) },
      Echo("a secretive error") { throw Secretive(request: [text(of: $0)]) },
    ]
}
