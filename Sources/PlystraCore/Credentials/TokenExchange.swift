extension ClientCore {
  /// Exchanges a refresh token for a new pair, as a call of its own that no caller can cancel.
  func exchange(_ refreshToken: Secret) async -> RefreshOutcome {
    let start = timing.now()
    let requestID = RequestID.generate()
    let outcome: RefreshOutcome
    let label: OutcomeLabel
    do {
      outcome = .rotated(try await newPair(for: refreshToken, requestID: requestID))
      label = .success
    } catch let error as PlystraError {
      outcome = RefreshOutcome(error)
      label = OutcomeLabel(error)
    } catch {
      // Nobody cancels the exchange, so this came from an interceptor or the transport, who knows when.
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
  private func newPair(for refreshToken: Secret, requestID: String) async throws -> TokenPair {
    let endpoint = try AuthService.refreshEndpoint(refreshToken)
    let call = Call(
      client: self, options: CallOptions(configuration), endpoint: endpoint, requestID: requestID)
    let answer: Answer<TokenPair> = try await call.answer()
    do {
      return try gate.admit(answer.data)
    } catch let refusal as PlystraError {
      throw answer.facts.refusal(
        operation: endpoint.operation, message: refusal.message,
        mask: mask([refreshToken]))
    }
  }
}
