extension PlystraClient {
  /// The identity under which a session acts.
  public var actor: ActorService { ActorService(client: self) }
}

/// The identity under which a session acts.
///
/// These calls carry the access token, and the API key only if the client never had an access token. After one was
/// removed or lost they throw an error of kind `credentials`, and nothing is sent.
public struct ActorService: Sendable {
  let client: PlystraClient

  /// Who the session acts as, and who else it could.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func context() async throws -> ActorSession {
    try await client.call(.read("actor.context", "/api/v1/actor/context", credential: .session))
      .response().data
  }

  /// Makes the session act as another member, named by its own id or by that of its binding.
  ///
  /// It is not repeated once it may have reached the service.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; with code `ACTIVE_MEMBER_REQUIRED` for a binding that is not
  ///   active; when neither id is given it is refused before anything is sent.
  public func switchMember(memberID: String? = nil, userMemberID: String? = nil) async throws -> ActorSession
  {
    let operation = "actor.switchMember"
    let body = SwitchMemberBody(memberID: memberID, userMemberID: userMemberID)
    guard !body.isEmpty else {
      throw PlystraError.invalidRequest("memberID", "give it, or userMemberID", operation: operation)
    }
    return try await client.call(
      .post(
        operation, "/api/v1/actor/switch-member", body: try RequestBody.bytes(of: body, operation: operation),
        credential: .session)
    ).response().data
  }
}

private struct SwitchMemberBody: WireModel {
  var memberID: String?
  var userMemberID: String?

  init() {}
  init(memberID: String?, userMemberID: String?) {
    self.memberID = memberID
    self.userMemberID = userMemberID
  }

  var isEmpty: Bool { (memberID ?? "").isEmpty && (userMemberID ?? "").isEmpty }

  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("member_id", &memberID)
    try visitor.field("user_member_id", &userMemberID)
  }
}
