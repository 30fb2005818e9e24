import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("A question is sent in the mode in which it was asked")
struct AuthorizationModeTests {
  private static let actor = ActorContext(userID: "u", memberID: "m", spaceID: "s", bindingID: "b")
  private static let resource = ResourceContext(type: "t", id: "i", spaceID: "s")
  private static let withoutGrants = AuthorizationRequest.inContext(
    actor: actor, resource: resource, grants: [], action: "a")

  private func sent(_ request: AuthorizationRequest) throws -> JSONValue {
    try JSONValue(parsing: request.serialized())
  }

  @Test("the named constructors say which")
  func constructors() throws {
    let grants = [Grant(scope: .space)]
    let inContext = AuthorizationRequest.inContext(
      actor: Self.actor, resource: Self.resource, grants: grants, action: "a", explain: true)
    #expect(
      inContext
        == AuthorizationRequest(
          actor: Self.actor, resource: Self.resource, grants: grants, action: "a", explain: true))
    let actor = ActorReference(userID: "u", memberID: "m", spaceID: "s", bindingID: "b")
    let managed = AuthorizationRequest.managed(
      actor: actor, resourceType: "t", resourceID: "i", action: "a", explain: true)
    #expect(
      managed
        == AuthorizationRequest(
          actor: Self.actor, resourceType: "t", resourceID: "i", action: "a", explain: true))
    #expect(inContext.isContextMode && Self.withoutGrants.isContextMode && !managed.isContextMode)
    let own = AuthorizationRequest.managed(resourceType: "t", resourceID: "i", action: "a")
    #expect(own.actor == nil && own.grants == nil && !own.explain)
    #expect(AuthorizationRequest(action: "a").grants == nil)
  }

  @Test("an empty list of grants goes out as a list, with an active user")
  func emptyList() throws {
    let value = try sent(Self.withoutGrants)
    #expect(value["grants"] == [])
    #expect(value["actor"]?["user_status"] == "active")
    // Nothing else changes, and the request itself does not.
    #expect(value["actor"]?.objectValue?.count == 5)
    #expect(Self.withoutGrants.actor?.userStatus == nil)
    var managed = Self.withoutGrants
    managed.grants = nil
    #expect(try sent(managed)["grants"] == nil && sent(managed)["actor"]?["user_status"] == nil)
  }

  @Test("metadata that is there keeps it in Context Mode as well, blank metadata does not")
  func metadata() throws {
    for (path, value) in [
      (\ActorContext.userStatus, "disabled"), (\.memberStatus, "active"), (\.bindingStatus, "revoked"),
      (\.relationType, "login"), (\.spaceStatus, "active"), (\.userEmail, "a@example.com"),
      (\.memberDisplayName, "M"), (\.spaceName, "S"),
    ] as [(WritableKeyPath<ActorContext, String?>, String)] {
      var request = Self.withoutGrants
      request.actor?[keyPath: path] = value
      let status = try sent(request)["actor"]?["user_status"]
      #expect(status == (path == \.userStatus ? .string(value) : nil))
      #expect(try sent(request)["grants"] == [])
      for blank in ["", " ", "\u{2003}\n"] {
        request.actor?[keyPath: path] = blank
        #expect(try sent(request)["actor"]?["user_status"] == "active", "\(path)")
      }
    }
  }

  @Test("an empty list without an actor cannot be written or stored")
  func noActor() throws {
    let request = AuthorizationRequest(resource: Self.resource, grants: [], action: "a")
    let error = try #require(failure { _ = try request.serialized() })
    #expect(error.path == "grants" && error.reason.contains("an empty list needs an actor"))
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(request) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode([request]) }
  }

  @Test("a stored question is read as the same question")
  func stored() throws {
    let data = try JSONEncoder().encode([Self.withoutGrants])
    let restored = try #require(try JSONDecoder().decode([AuthorizationRequest].self, from: data).first)
    #expect(restored.grants == [] && restored.isContextMode)
    #expect(try sent(restored) == sent(Self.withoutGrants))
    for (text, grants) in [
      (#"{"action":"a","grants":[]}"#, []), (#"{"action":"a","grants":null}"#, nil),
      (#"{"action":"a"}"#, nil), (#"{"action":"a","grants":[{"scope":"self"}]}"#, [Grant(scope: .selfOnly)]),
    ] as [(String, [Grant]?)] {
      #expect(try AuthorizationRequest(parsing: text.utf8).grants == grants)
      #expect(
        try JSONDecoder().decode(AuthorizationRequest.self, from: Data(text.utf8)).grants == grants)
    }
  }

  @Test("a blank name or address is not sent, and is no metadata")
  func blankNames() throws {
    for blank in ["", " ", "\t\u{A0}"] {
      let request = AuthorizationRequest(
        actor: ActorContext(userID: "u", userEmail: blank, memberDisplayName: blank, spaceName: blank),
        resource: ResourceContext(type: "t", displayName: blank), action: "a")
      #expect(
        try request.serialized().text
          == #"{"actor":{"user_id":"u"},"resource":{"type":"t"},"action":"a"}"#)
      #expect(!request.isContextMode && !request.hasInlineResource)
    }
  }

  @Test("many tasks write a request without grants at a time, and none of them changes it")
  func shared() async throws {
    let request = Self.withoutGrants
    let bytes = try request.serialized()
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<50 { group.addTask { try request.serialized() } }
      for try await written in group { #expect(written == bytes) }
    }
    #expect(request == Self.withoutGrants)
  }
}
