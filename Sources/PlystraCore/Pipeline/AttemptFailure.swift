/// A failed attempt, and what that means for another one.
struct AttemptFailure: Error {
  enum Meaning: Equatable {
    /// Nothing can have been sent: any call may be tried again.
    case notSent
    /// The service may have acted: only what may be replayed is tried again.
    case uncertain
    /// The response ended in mid-text, or belongs to another request: as `uncertain`, but once only.
    case unusableResponse
    /// Trying again would change nothing.
    case final
  }

  var error: PlystraError
  var meaning: Meaning

  /// Statuses that another attempt may mend, for calls that may be replayed.
  private static let retryableStatuses: Set<Int> = [429, 500, 502, 503, 504]
  /// Statuses that leave open whether the service acted: it failed on the way, or a proxy lost its answer.
  private static let uncertainStatuses: Set<Int> = [500, 502, 504]

  /// A failure of the transport.
  ///
  /// - Parameter mayHaveBeenSent: whether the request, or another of the same attempt, may have reached the service.
  init(_ failure: TransportError, mayHaveBeenSent: Bool, endpoint: Endpoint) {
    meaning =
      switch failure.kind {
      case .connect, .resolve: mayHaveBeenSent ? .uncertain : .notSent
      case .timeout, .reset, .truncated: .uncertain
      default: .final
      }
    error = PlystraError(
      kind: failure.kind == .timeout ? .timeout : .transport, operation: endpoint.operation,
      message: failure.message, isRetryable: meaning != .final,
      outcomeUnknown: mayHaveBeenSent && !endpoint.isReplayable, underlyingError: failure)
  }

  /// An answer that is an error, or no answer that the contract knows.
  init(answer error: PlystraError, endpoint: Endpoint) {
    self.error = error
    let isUncertain: Bool
    if error.kind == .decoding {
      let isPremature = (error.underlyingError as? JSONError)?.isPremature ?? false
      meaning = isPremature || error.underlyingError is ForeignResponse ? .unusableResponse : .final
      isUncertain = true
    } else {
      meaning = error.status.map(Self.retryableStatuses.contains) == true ? .uncertain : .final
      isUncertain = error.status.map(Self.uncertainStatuses.contains) == true
    }
    self.error.isRetryable = meaning != .final
    self.error.outcomeUnknown = isUncertain && !endpoint.isReplayable
  }

  /// Any other failure, which ends the call.
  init(final error: PlystraError, mayHaveBeenSent: Bool, endpoint: Endpoint) {
    self.error = error
    self.error.outcomeUnknown = mayHaveBeenSent && !endpoint.isReplayable
    meaning = .final
  }
}
