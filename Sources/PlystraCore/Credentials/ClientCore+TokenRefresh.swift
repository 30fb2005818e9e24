extension ClientCore {
  /// Exchanges a refresh token for a new token pair, as a call of its own that no caller can cancel.
  func refreshTokens(_ refreshToken: Secret) async -> RefreshOutcome {
    let start = timing.now()
    let requestID = RequestID.generate()
    let outcome: RefreshOutcome
    let label: OutcomeLabel
    do {
      outcome = .rotated(try await tokens(for: refreshToken, requestID: requestID))
      label = .success
    } catch let error as PlystraError {
      outcome = RefreshOutcome(error)
      label = OutcomeLabel(error)
    } catch {
      // Nobody cancels the refresh, so this came from an interceptor or the transport, who knows when.
      outcome = .uncertain(.sessionUncertain(after: nil))
      label = .cancelled
    }
    configuration.observer?.observe(
      ClientEvent(
        kind: .credentialRefreshed, operation: "auth.refresh", requestID: requestID,
        outcome: label.text, attempt: 1, duration: start.duration(to: timing.now())))
    return outcome
  }

  /// - Throws: ``PlystraError`` or `CancellationError`; of kind `decoding` for tokens that no header can carry.
  private func tokens(for refreshToken: Secret, requestID: String) async throws -> TokenPair {
    let endpoint = try AuthService.refreshEndpoint(refreshToken)
    let call = Call(
      client: self, options: CallOptions(configuration), endpoint: endpoint, requestID: requestID,
      credentials: credentials.snapshot())
    let response: APIResponse<TokenPair> = try await call.response()
    do {
      return try credentialPolicy.validated(response.data)
    } catch let error as PlystraError {
      throw response.decodingError(
        operation: endpoint.operation, message: error.message, mask: mask([refreshToken]))
    }
  }
}
