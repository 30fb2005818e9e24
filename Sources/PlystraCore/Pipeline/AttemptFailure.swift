/// The failure of an attempt, and whether another attempt may mend it.
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
  /// Statuses that leave open whether the service acted: it failed on the way, or a proxy lost its response.
  private static let uncertainStatuses: Set<Int> = [500, 502, 504]

  /// A failure to send, with credentials masked.
  init(_ failure: SendingFailure, mask: SecretMask, endpoint: Endpoint) {
    switch failure.cause {
    case let cause as TransportError:
      self.init(
        mask.masked(cause), mayHaveBeenSent: failure.mayHaveBeenSent || cause.mayHaveBeenSent,
        endpoint: endpoint)
    case let cause as PlystraError:
      self.init(final: mask.masked(cause), mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    case let cause:
      let error = PlystraError(
        kind: .transport, message: "an interceptor or the transport failed",
        underlyingError: mask.masked(cause))
      self.init(final: error, mayHaveBeenSent: failure.mayHaveBeenSent, endpoint: endpoint)
    }
  }

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

  /// A response that is an error, or that the contract does not know.
  init(response error: PlystraError, endpoint: Endpoint) {
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

/// Why interceptors and transport returned no response.
struct SendingFailure: Error {
  let cause: any Error
  /// Whether the service may have received the request all the same.
  let mayHaveBeenSent: Bool
}

extension SendingFailure {
  /// An error of the interceptor chain, or of the transport where there are no interceptors.
  init(_ error: any Error) {
    self =
      error as? SendingFailure
      ?? SendingFailure(cause: error, mayHaveBeenSent: (error as? TransportError)?.mayHaveBeenSent ?? true)
  }
}
