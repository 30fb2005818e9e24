/// A point of a client's monotonic clock, as the time since some point that all of them share.
///
/// A call keeps this instead of `ContinuousClock.Instant`, whose size only the standard library knows: an async function
/// asks the task's memory for each such value, one by one.
struct Moment: Sendable, Comparable {
  private static let origin = ContinuousClock.now

  private let sinceOrigin: Duration

  private init(sinceOrigin: Duration) { self.sinceOrigin = sinceOrigin }

  init(_ instant: ContinuousClock.Instant) { sinceOrigin = Self.origin.duration(to: instant) }

  var instant: ContinuousClock.Instant { Self.origin.advanced(by: sinceOrigin) }

  static func < (lhs: Moment, rhs: Moment) -> Bool { lhs.sinceOrigin < rhs.sinceOrigin }

  func advanced(by duration: Duration) -> Moment { Moment(sinceOrigin: sinceOrigin + duration) }

  func duration(to later: Moment) -> Duration { later.sinceOrigin - sinceOrigin }
}

extension Timing {
  /// The present moment.
  ///
  /// Never part of an async function, which would ask the task's memory for each of the clock's values.
  @inline(never)
  func moment() -> Moment { Moment(now()) }
}
