import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("A secret is never shown")
struct SecretTests {
  private static let text = "ply_ak_01HY.correct-horse-battery-staple"
  private let secret = Secret(SecretTests.text)

  /// Everything that Swift makes of a value for people to read.
  private func renderings<Value>(of value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var texts = [
      dumped, "\(value)", String(describing: value), String(reflecting: value), "\(Optional(value) as Any)",
      "\([value])", String(reflecting: [value]), "\(["key": value])", String(reflecting: ["key": value]),
      "\((value, 1))", "\(Result<Value, Never>.success(value))", "\(Mirror(reflecting: value))",
      "\(Mirror(reflecting: value).children.map { $0 })", String(reflecting: Mirror(reflecting: value)),
    ]
    texts += children(of: value, depth: 0)
    return texts
  }

  /// Every child that reflection reaches, however deep.
  private func children(of value: Any, depth: Int) -> [String] {
    guard depth < 8 else { return [] }
    return Mirror(reflecting: value).children.flatMap { child in
      ["\(child.value)", String(reflecting: child.value)] + children(of: child.value, depth: depth + 1)
    }
  }

  private func expectHidden<Value>(
    _ value: Value, _ texts: [String], at location: SourceLocation = #_sourceLocation
  ) {
    let all = renderings(of: value)
    #expect(all.count > 10, sourceLocation: location)
    for rendering in all {
      for text in texts { #expect(!rendering.contains(text), "\(rendering)", sourceLocation: location) }
    }
  }

  @Test("not by itself")
  func alone() {
    expectHidden(secret, [Self.text, "horse", "ply_ak"])
    expectHidden(Optional(secret) as Any, [Self.text])
    expectHidden(Set([secret]), [Self.text])
    expectHidden(secret as AnyHashable, [Self.text])
    #expect("\(secret)" == "***" && secret.description == "***" && secret.debugDescription == "***")
    #expect(Mirror(reflecting: secret).children.isEmpty)
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(dumped.contains("***"))
  }

  @Test("not within the models that hold one")
  func nested() throws {
    let tokens = TokenPair(accessToken: Secret("ply_at_visible"), refreshToken: Secret("ply_rt_visible"))
    let hidden = ["ply_at", "ply_rt", "visible"]
    expectHidden(tokens, hidden)
    let session = UserSession(tokens: tokens, user: UserAccount(id: "user_1"))
    expectHidden(session, hidden)
    var registration = Registration(user: UserAccount(id: "user_1"))
    registration.tokens = tokens
    expectHidden(registration, hidden)
    expectHidden(Optional(registration.session) as Any, hidden)
    let request = RegistrationRequest(
      email: "a@example.com", password: "visible password", registrationToken: Secret("visible token"))
    expectHidden(request, ["visible"])
    #expect("\(request)".contains("a@example.com"))
    expectHidden(ResultPage(items: [session]), hidden)
    let received = try #require(try Envelope<UserSession>(parsing: Fixtures.body("auth-login")).data)
    expectHidden(received, ["ply_at", "ply_rt", "a1a1", "b2b2"])
    expectHidden(try Envelope<UserSession>(parsing: Fixtures.body("auth-login")), ["ply_at", "ply_rt"])
    expectHidden(try Envelope<Registration>(parsing: Fixtures.body("auth-register")), ["ply_at", "ply_rt"])
    expectHidden(try Envelope<TokenPair>(parsing: Fixtures.body("auth-refresh")), ["ply_at", "ply_rt"])
  }

  @Test("it is not stored by mistake")
  func notCodable() {
    for value: Any in [secret, TokenPair(accessToken: secret, refreshToken: secret)] {
      #expect(!(value is any Encodable) && !(value is any Decodable))
    }
    let session = UserSession(
      tokens: TokenPair(accessToken: secret, refreshToken: secret), user: UserAccount(id: "u"))
    let request = RegistrationRequest(email: "a@example.com", password: secret)
    for value: Any in [session, request, Registration(user: UserAccount(id: "u"))] {
      #expect(!(value is any Encodable) && !(value is any Decodable))
    }
  }

  @Test("it is handed out on request only, and compared byte by byte")
  func exposure() {
    #expect(secret.withExposedValue { $0 } == Self.text)
    #expect(secret.withExposedValue(\.count) == Self.text.count)
    #expect(throws: CancellationError.self) { try secret.withExposedValue { _ in throw CancellationError() } }
    #expect(secret == Secret(Self.text) && secret.hashValue == Secret(Self.text).hashValue)
    for other in ["", "ply", Self.text + "x", Self.text.uppercased(), String(Self.text.dropLast()) + "f"] {
      #expect(secret != Secret(other))
    }
    // The same letters of other bytes are another credential.
    #expect(Secret("\u{E9}") != Secret("e\u{301}"))
    #expect(Secret("").isEmpty && !secret.isEmpty)
  }

  @Test("an empty credential is refused where one must be")
  func empty() throws {
    let text = #"{"access_token":"","refresh_token":"r"}"#
    let error = try #require(failure { _ = try TokenPair(parsing: text.utf8) })
    #expect(error.reason == "a credential is empty" && error.path == "access_token")
    for value in ["null", "5", "[]"] {
      #expect(
        failure { _ = try TokenPair(parsing: "{\"access_token\":\(value),\"refresh_token\":\"r\"}".utf8) }
          != nil)
    }
  }
}
