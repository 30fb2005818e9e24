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
    guard memberID.unlessEmpty != nil || userMemberID.unlessEmpty != nil else {
      throw PlystraError.invalidRequest("memberID", "give it, or userMemberID", operation: operation)
    }
    let body = try RequestBody.object(operation: operation) { writer in
      writer.optional("member_id", memberID)
      writer.optional("user_member_id", userMemberID)
    }
    return try await client.call(
      .post(operation, "/api/v1/actor/switch-member", body: body, credential: .session)
    ).response().data
  }
}
