import PlystraCore
import PlystraModels
import Testing

@Suite("A request is validated without sending it")
struct ValidationTests {
  private let request = AuthorizationRequest.inContext(
    actor: ActorContext(userID: "u", memberID: "m", spaceID: "s", bindingID: "b"),
    resource: ResourceContext(type: "t", externalID: "x", spaceID: "s"), grants: [Grant(scope: .space)],
    action: "a")

  private func refusal(
    of request: AuthorizationRequest, forAPIKey: Bool = true
  ) -> InvalidAuthorizationRequest? {
    do throws(InvalidAuthorizationRequest) {
      try request.validate(forAPIKey: forAPIKey)
      return nil
    } catch {
      return error
    }
  }

  @Test("a complete one is valid in either mode")
  func valid() throws {
    try request.validate(forAPIKey: true)
    var other = request
    other.grants = []
    try other.validate(forAPIKey: true)
    other.grants = nil
    try other.validate(forAPIKey: true)
    try AuthorizationRequest.managed(resourceType: "t", resourceID: "i", action: "a").validate()
    other.actor = ActorContext(bindingID: "b")
    try other.validate()
    #expect(refusal(of: other)?.path == "actor.user_id")
    // What is only shown, or has no default, may be blank.
    other = request
    other.actor?.userEmail = ""
    other.actor?.spaceName = " "
    other.resource?.displayName = ""
    other.resource?.ownerMemberID = ""
    other.resource?.visibility = ""
    try other.validate(forAPIKey: true)
  }

  @Test("the error names path and reason on one line, and quotes no value")
  func error() {
    var other = request
    other.grants?.append(Grant(scope: "hidden\n"))
    let error = refusal(of: other)
    #expect(error?.path == "grants[1].scope")
    #expect(error?.description == "grants[1].scope: it is none of self, group, group_tree, space, global")
  }

  @Test("an empty list of grants without an actor is named by the list")
  func emptyGrants() {
    var other = request
    other.grants = []
    other.actor = nil
    #expect(refusal(of: other)?.path == "grants")
    #expect(refusal(of: other, forAPIKey: false)?.path == "grants")
  }

  @Test("types are compared byte for byte")
  func bytes() {
    var other = request
    other.resource?.type = "caf\u{E9}"
    other.resourceType = "cafe\u{301}"
    #expect(refusal(of: other)?.path == "resource.type")
  }
}
