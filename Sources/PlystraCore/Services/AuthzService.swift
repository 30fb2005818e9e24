extension PlystraClient {
  /// Decisions.
  public var authz: AuthzService { AuthzService(client: self) }
}

/// Decisions.
///
/// A check whose response was lost is sent again under the same request id, so that the service may hold two audit
/// rows with that id.
public struct AuthzService: Sendable {
  let client: PlystraClient

  /// Asks whether an actor may do an action on a resource. A deny is a decision, not an error.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`. A request that `AuthorizationRequest.validate(forAPIKey:)`
  ///   refuses throws kind `invalidRequest` before anything is sent. A response that contradicts itself throws too:
  ///   whatever is thrown, nothing is allowed.
  public nonisolated(nonsending) func check(_ request: AuthorizationRequest) async throws -> Decision {
    try await decide("authz.check", "/api/v1/authz/check", request)
  }

  /// Asks the same as ``check(_:)`` and how the decision came about, in `Decision.trace`.
  ///
  /// - Throws: as ``check(_:)``.
  public nonisolated(nonsending) func explain(_ request: AuthorizationRequest) async throws -> Decision {
    try await decide("authz.explain", "/api/v1/authz/explain", request)
  }

  private nonisolated(nonsending) func decide(
    _ operation: String, _ path: String, _ request: AuthorizationRequest
  ) async throws -> Decision {
    let response: APIResponse<Decision> = try await call(operation, path, request).response { decision in
      request.mismatch(in: decision)
    }
    var decision = response.data
    if decision.requestID == nil { decision.requestID = response.requestID }
    return decision
  }

  private func call(
    _ operation: String, _ path: String, _ request: AuthorizationRequest
  ) throws -> Call {
    let credentials = client.core.credentials.snapshot()
    return try client.call(endpoint(operation, path, request, credentials), credentials)
  }

  /// The call that asks a question, encoded.
  ///
  /// - Parameter place: how an error names the question, if it is one of many.
  /// - Throws: ``PlystraError`` of kind `invalidRequest`, if the question must not be sent or cannot be written.
  func endpoint(
    _ operation: String, _ path: String, _ request: AuthorizationRequest,
    _ credentials: CredentialStore.Snapshot, at place: String? = nil
  ) throws -> Endpoint {
    if client.core.configuration.validatesRequests {
      do {
        try request.validate(forAPIKey: credentials.apiKey != nil)
      } catch {
        let field = place.map { "\($0).\(error.path)" } ?? error.path
        throw PlystraError.invalidRequest(field, error.reason, operation: operation)
      }
    }
    var endpoint = Endpoint.post(
      operation, path, body: try RequestBody.bytes(of: request, operation: operation, field: place),
      credential: .server, isReplayable: true)
    endpoint.needsAPIKey = request.isContextMode
    endpoint.isDecision = true
    return endpoint
  }
}
