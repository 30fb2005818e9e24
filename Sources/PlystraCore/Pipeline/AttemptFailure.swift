/// A failed attempt, and what that means for another one.
struct AttemptFailure: Error {
  enum Meaning: Equatable {
    /// Nothing can have been sent: any call may be tried again.
    case notSent
    /// The service may have acted: only what may be replayed is tried again.
    case uncertain
    /// The answer ended in mid-text: as `uncertain`, but once only.
    case partialAnswer
    /// Trying again would change nothing.
    case final
  }

  var error: PlystraError
  var meaning: Meaning
  /// Whether the attempt got as far as the transport.
  var wasSent = true

  /// Statuses that another attempt may mend, for calls that may be replayed.
  private static let retryableStatuses: Set<Int> = [429, 500, 502, 503, 504]

  /// A failure of the transport.
  init(_ failure: TransportError, operation: String, isReplayable: Bool) {
    meaning =
      switch failure.kind {
      case .connect, .resolve: failure.mayHaveBeenSent ? .uncertain : .notSent
      case .timeout, .reset, .truncated: .uncertain
      default: .final
      }
    error = PlystraError(
      kind: failure.kind == .timeout ? .timeout : .transport, operation: operation, message: failure.message,
      isRetryable: meaning != .final, outcomeUnknown: failure.mayHaveBeenSent && !isReplayable,
      underlyingError: failure)
  }

  /// An answer that is an error.
  init(answer error: PlystraError) {
    self.error = error
    let premature = (error.underlyingError as? JSONError)?.isPremature ?? false
    if error.kind == .decoding {
      meaning = premature ? .partialAnswer : .final
    } else {
      meaning = error.status.map(Self.retryableStatuses.contains) == true ? .uncertain : .final
    }
    self.error.isRetryable = meaning != .final
  }

  /// Any other failure, which ends the call.
  init(final error: PlystraError) {
    self.error = error
    meaning = .final
  }

  /// A failure before the attempt got to the transport, which ends the call.
  init(unsent error: PlystraError) {
    self.init(final: error)
    wasSent = false
  }
}
