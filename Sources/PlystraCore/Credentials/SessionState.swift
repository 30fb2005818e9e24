#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session's tokens and when they are to be replaced.
struct SessionState: Sendable {
  /// How long before it expires an access token is replaced, so that none expires on the way.
  private static let margin: TimeInterval = 30
  /// How long tokens that have just arrived are used in any case, so that short-lived ones are not replaced with
  /// every call.
  private static let settling = Duration.seconds(60)

  let tokens: TokenPair
  /// The first refresh token of the session and the last before this, by which an application may still know it.
  private let formerRefreshTokens: [Secret]
  /// When they arrived, if this client received them.
  private let arrival: ContinuousClock.Instant?
  /// Whether they seemed expired when they arrived. Then the wall clock is wrong, and only the service knows when they
  /// expire: by the clock, they would be replaced for ever.
  private let seemedExpired: Bool
  /// Why the last refresh was not carried out, and when the next may be tried.
  private var postponement: (error: PlystraError, end: ContinuousClock.Instant)?

  /// Tokens that an application had.
  init(tokens: TokenPair) {
    self.tokens = tokens
    formerRefreshTokens = []
    arrival = nil
    seemedExpired = false
  }

  /// Tokens that a refresh of those of `former` has just returned.
  init(received tokens: TokenPair, after former: SessionState, timing: Timing) {
    self.tokens = tokens
    formerRefreshTokens = former.formerRefreshTokens.prefix(1) + [former.tokens.refreshToken]
    arrival = timing.now()
    seemedExpired = Self.isExpired(tokens, margin: Self.margin, wallClock: timing.wallClock())
  }

  /// Whether a refresh token is the session's, or was before it was refreshed.
  func hadRefreshToken(_ token: Secret) -> Bool {
    token == tokens.refreshToken || formerRefreshTokens.contains(token)
  }

  /// Whether the access token need not be replaced yet.
  func isCurrent(timing: Timing) -> Bool {
    guard Self.isExpired(tokens, margin: Self.margin, wallClock: timing.wallClock()) else { return true }
    guard let arrival else { return false }
    return seemedExpired || arrival.duration(to: timing.now()) < Self.settling
  }

  /// Whether the access token has not expired, as far as this machine knows.
  func isAlive(timing: Timing) -> Bool {
    !Self.isExpired(tokens, margin: 0, wallClock: timing.wallClock())
  }

  private static func isExpired(_ tokens: TokenPair, margin: TimeInterval, wallClock: Date) -> Bool {
    tokens.expiresAt.map { wallClock >= $0.addingTimeInterval(-margin) } ?? false
  }

  /// Records that a refresh was not carried out, and how long to wait before the next.
  mutating func postpone(after error: PlystraError, by wait: Duration, timing: Timing) {
    postponement = (error, timing.now().advanced(by: wait))
  }

  /// Why no refresh may be tried now, or nil if one may.
  func postponementError(timing: Timing) -> PlystraError? {
    guard let postponement else { return nil }
    let timeLeft = timing.now().duration(to: postponement.end)
    guard timeLeft > .zero else { return nil }
    var error = postponement.error
    if error.retryAfter != nil { error.retryAfter = timeLeft }
    return error
  }
}
