import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Sessions and registrations hold both tokens or none")
struct SessionTests {
  private func registration(_ members: String) throws -> Registration {
    try Registration(parsing: "{\(members)\"user\":{\"id\":\"u\"}}".utf8)
  }

  @Test("a registration with one token only is refused")
  func halfTokens() throws {
    #expect(try registration("").tokens == nil)
    #expect(try registration(#""access_token":"","refresh_token":null,"#).tokens == nil)
    for half in [
      #""access_token":"visible","#, #""refresh_token":"visible","#,
      #""access_token":"visible","refresh_token":"","#,
      #""access_token":null,"refresh_token":"visible","#,
    ] {
      let error = try #require(failure { _ = try registration(half) })
      #expect(error.reason == "one of 'access_token' and 'refresh_token' is missing")
      #expect(!error.description.contains("visible"))
    }
    let both = try registration(#""access_token":"a","refresh_token":"r","#)
    #expect(both.tokens == TokenPair(accessToken: Secret("a"), refreshToken: Secret("r")))
    #expect(both.session?.user.id == "u")
  }

  @Test("a pair without a scheme is a bearer's")
  func tokenType() throws {
    for type in ["", #","token_type":null"#, #","token_type":"""#, #","token_type":"Bearer""#] {
      let members = "\"access_token\":\"a\",\"refresh_token\":\"r\"\(type)"
      #expect(try TokenPair(parsing: "{\(members)}".utf8).tokenType == "Bearer", "\(type)")
      #expect(try registration(members + ",").tokens?.tokenType == "Bearer")
    }
  }

  @Test("a session without user or tokens is refused")
  func required() {
    let tokens = #""access_token":"a","refresh_token":"r""#
    #expect(failure { _ = try UserSession(parsing: "{\(tokens)}".utf8) }?.reason == "'user' is missing")
    #expect(
      failure { _ = try UserSession(parsing: #"{"user":{"id":"u"}}"#.utf8) }?.reason
        == "'access_token' is missing")
    #expect(
      failure { _ = try UserSession(parsing: "{\(tokens),\"user\":{}}".utf8) }?.reason == "'id' is missing")
    #expect(failure { _ = try Registration(parsing: "{}".utf8) }?.reason == "'user' is missing")
  }

  @Test("a request to register carries what it has, and its secrets")
  func registrationRequest() throws {
    let full = RegistrationRequest(
      email: "e", password: "p", username: "u", phone: "t", spaceName: "s", spaceSlug: "l",
      memberDisplayName: "m", registrationToken: Secret("k"), metadata: ["a": 1])
    #expect(
      try full.serialized().text
        == #"{"email":"e","password":"p","username":"u","phone":"t","space_name":"s","#
        + #""space_slug":"l","member_display_name":"m","registration_token":"k","metadata":{"a":1}}"#)
    #expect(try RegistrationRequest(parsing: full.serialized()) == full)
    let bare = RegistrationRequest(
      email: "e", password: Secret("p"), username: "", phone: "", spaceName: "", spaceSlug: "",
      memberDisplayName: "",
      registrationToken: Secret(""), metadata: [:])
    #expect(try bare.serialized().text == #"{"email":"e","password":"p"}"#)
  }

  @Test("tokens of a registration are set and taken away as one")
  func settingTokens() {
    var registration = Registration(user: UserAccount(id: "u"))
    let tokens = TokenPair(
      accessToken: Secret("a"), refreshToken: Secret("r"), tokenType: "T",
      expiresAt: Date(timeIntervalSinceReferenceDate: 1),
      refreshExpiresAt: Date(timeIntervalSinceReferenceDate: 2))
    registration.tokens = tokens
    #expect(registration.tokens == tokens)
    registration.tokens = nil
    #expect(registration == Registration(user: UserAccount(id: "u")))
  }

  @Test("models without secrets are stored and read again")
  func codable() throws {
    let context = try #require(try Envelope<ActorSession>(parsing: Fixtures.body("actor-context")).data)
    #expect(try JSONDecoder().decode(ActorSession.self, from: JSONEncoder().encode(context)) == context)
    let actor = try #require(context.actor)
    #expect(try JSONDecoder().decode(ActorIdentity.self, from: JSONEncoder().encode(actor)) == actor)
    #expect(
      try JSONDecoder().decode([MemberBinding].self, from: JSONEncoder().encode(context.availableMembers))
        == context.availableMembers)
    let user = UserAccount(id: "u", email: "e", status: "s")
    #expect(try JSONDecoder().decode(UserAccount.self, from: JSONEncoder().encode(user)) == user)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(UserAccount.self, from: Data("{}".utf8)) }
  }
}
