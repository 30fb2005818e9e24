import PlystraCore

/// A clock on which waiting takes no time: it jumps to the moment that is waited for.
final class SkippingClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
  }

  private let moment = Locked(Instant(offset: .zero))

  var now: Instant { moment.withLock { $0 } }
  var minimumResolution: Duration { .nanoseconds(1) }

  /// The time that was waited in all.
  var elapsed: Duration { now.offset }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    moment.withLock { $0 = max($0, deadline) }
  }
}
