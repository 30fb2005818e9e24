/// The outcome of exchanging a refresh token.
enum RefreshOutcome: Sendable {
  /// There is a new token pair.
  case rotated(TokenPair)
  /// The service no longer knows the token.
  case ended(PlystraError)
  /// The refresh may have happened, and its response is lost: the old tokens may be dead, the new ones are unknown.
  case uncertain(PlystraError)
  /// Nothing happened; another try may be made after a wait.
  case postponed(PlystraError, Duration)
}

extension RefreshOutcome {
  /// The shortest wait before another try.
  private static let shortestWait = Duration.seconds(1)

  /// What a failed refresh means for the session.
  init(_ error: PlystraError) {
    switch (error.kind, error.status) {
    // A page that somebody on the way wrote says nothing of the session.
    case (.api, 400), (.api, 401), (.api, 403):
      let isPage = error.code == .invalidJSONResponse && error.details != nil
      self = isPage ? .uncertain(.sessionUncertain(after: error)) : .ended(.sessionExpired(after: error))
    case (.api, 429), (.api, 503):
      self = .postponed(error, max(error.retryAfter ?? .zero, Self.shortestWait))
    case (.api, _), (.decoding, _): self = .uncertain(.sessionUncertain(after: error))
    // No response, or none from the service: what counts is whether the service may have received the token.
    default:
      self =
        error.outcomeUnknown
        ? .uncertain(.sessionUncertain(after: error)) : .postponed(error, Self.shortestWait)
    }
  }
}

extension PlystraError {
  /// The session has ended; only a login helps.
  static func sessionExpired(after cause: PlystraError) -> PlystraError {
    PlystraError(
      kind: .credentials, message: "the session has ended; log in again and set its tokens",
      status: cause.status,
      code: .sessionExpired, underlyingError: cause)
  }

  /// Whether the session lives is not known; only new tokens help.
  static func sessionUncertain(after cause: PlystraError?) -> PlystraError {
    PlystraError(
      kind: .credentials,
      message:
        "the answer to the session's refresh was lost, so its tokens may be dead; log in again and set new ones",
      status: cause?.status, code: .sessionUncertain, underlyingError: cause)
  }
}
