extension PlystraClient {
  /// Decisions.
  public var authz: AuthzService { AuthzService(client: self) }
}

/// Decisions.
///
/// A check whose answer was lost is asked again under the same request id, so that the service may hold two audit
/// rows with that id.
public struct AuthzService: Sendable {
  let client: PlystraClient

  /// Asks whether an actor may do an action on a resource. A deny is an answer, not an error.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`. An answer that contradicts itself throws, so that whatever is
  ///   thrown, nothing is allowed.
  public nonisolated(nonsending) func check(_ request: AuthorizationRequest) async throws -> Decision {
    try await decide("authz.check", "/api/v1/authz/check", request)
  }

  /// Asks the same as ``check(_:)`` and how the answer came about, in `Decision.trace`.
  ///
  /// - Throws: as ``check(_:)``.
  public nonisolated(nonsending) func explain(_ request: AuthorizationRequest) async throws -> Decision {
    try await decide("authz.explain", "/api/v1/authz/explain", request)
  }

  private nonisolated(nonsending) func decide(
    _ operation: String, _ path: String, _ request: AuthorizationRequest
  ) async throws -> Decision {
    try await call(operation, path, request).data()
  }

  /// Apart from the above, so that it does not wait with room for the request in every shape.
  @inline(never)
  private func call(
    _ operation: String, _ path: String, _ request: AuthorizationRequest
  ) throws -> Call {
    guard !request.action.isEmpty else {
      throw PlystraError.invalidRequest(
        "action", "it is empty; name what is to be done, such as approve", operation: operation)
    }
    var endpoint = Endpoint.post(
      operation, path, body: try RequestBody.bytes(of: request, operation: operation),
      credential: .server, isReplayable: true)
    endpoint.needsAPIKey = request.isContextMode
    return try client.call(consume endpoint)
  }
}
