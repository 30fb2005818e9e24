#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session's tokens and what is known of them.
struct SessionState: Sendable {
  /// How long before its end an access token is replaced, so that none ends on the way.
  private static let margin: TimeInterval = 30
  /// How long new tokens are used without a look at the wall clock: one that is wrong would otherwise call for a
  /// refresh with every call.
  private static let settling = Duration.seconds(60)

  let pair: TokenPair
  /// When they were received, if this client received them.
  let since: ContinuousClock.Instant?
  /// Why they can be used no more.
  var failure: PlystraError?
  /// Why the last refresh came to nothing, and when the next may be tried.
  var postponed: (error: PlystraError, until: ContinuousClock.Instant)?

  init(pair: TokenPair, since: ContinuousClock.Instant?) {
    self.pair = pair
    self.since = since
  }

  /// Whether the access token need not be replaced yet.
  func isCurrent(wallClock: Date, now: ContinuousClock.Instant) -> Bool {
    guard let end = pair.expiresAt else { return true }
    if let since, since.duration(to: now) < Self.settling { return true }
    return wallClock < end.addingTimeInterval(-Self.margin)
  }

  /// Whether the access token has not ended.
  func isAlive(wallClock: Date) -> Bool {
    guard let end = pair.expiresAt else { return true }
    return wallClock < end
  }

  /// Why no refresh may be tried now, or nil if one may.
  func refusal(now: ContinuousClock.Instant) -> PlystraError? {
    guard let postponed, now < postponed.until else { return nil }
    return postponed.error
  }
}
