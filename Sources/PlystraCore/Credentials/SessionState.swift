#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session's tokens and when they are to be replaced.
struct SessionState: Sendable {
  /// How long before its end an access token is replaced, so that none ends on the way.
  private static let margin: TimeInterval = 30
  /// How long tokens that have just arrived are used in any case, so that short-lived ones are not replaced with
  /// every call.
  private static let settling = Duration.seconds(60)

  let pair: TokenPair
  /// The first refresh token of the session and the last before this, by which an application may still know it.
  private let formerRefreshTokens: [Secret]
  /// When they arrived, if this client received them.
  private let arrival: ContinuousClock.Instant?
  /// Whether they seemed spent when they arrived. Then the wall clock is wrong, and only the service can tell when
  /// they are: to go by the clock would be to replace them for ever.
  private let seemedSpent: Bool
  /// Why the last refresh came to nothing, and when the next may be tried.
  private var postponement: (error: PlystraError, end: ContinuousClock.Instant)?

  /// Tokens that an application had.
  init(pair: TokenPair) {
    self.pair = pair
    formerRefreshTokens = []
    arrival = nil
    seemedSpent = false
  }

  /// Tokens that have just been received in exchange for those of `former`.
  init(received pair: TokenPair, after former: SessionState, timing: Timing) {
    self.pair = pair
    formerRefreshTokens = former.formerRefreshTokens.prefix(1) + [former.pair.refreshToken]
    arrival = timing.now()
    seemedSpent = Self.isSpent(pair, margin: Self.margin, wallClock: timing.wallClock())
  }

  /// Whether a refresh token is the session's, or was before it was refreshed.
  func hadRefreshToken(_ token: Secret) -> Bool {
    token == pair.refreshToken || formerRefreshTokens.contains(token)
  }

  /// Whether the access token need not be replaced yet.
  func isCurrent(timing: Timing) -> Bool {
    guard Self.isSpent(pair, margin: Self.margin, wallClock: timing.wallClock()) else { return true }
    guard let arrival else { return false }
    return seemedSpent || arrival.duration(to: timing.now()) < Self.settling
  }

  /// Whether the access token has not ended, as far as this machine knows.
  func isAlive(timing: Timing) -> Bool {
    !Self.isSpent(pair, margin: 0, wallClock: timing.wallClock())
  }

  private static func isSpent(_ pair: TokenPair, margin: TimeInterval, wallClock: Date) -> Bool {
    pair.expiresAt.map { wallClock >= $0.addingTimeInterval(-margin) } ?? false
  }

  /// Takes note that a refresh came to nothing, and how long to wait before the next.
  mutating func postpone(after error: PlystraError, by wait: Duration, timing: Timing) {
    postponement = (error, timing.now().advanced(by: wait))
  }

  /// Why no refresh may be tried now, or nil if one may.
  func refusal(timing: Timing) -> PlystraError? {
    guard let postponement else { return nil }
    let timeLeft = timing.now().duration(to: postponement.end)
    guard timeLeft > .zero else { return nil }
    var error = postponement.error
    if error.retryAfter != nil { error.retryAfter = timeLeft }
    return error
  }
}
