#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// The clocks, sleeps and random numbers of a client, which tests replace.
package struct Timing: Sendable {
  /// The monotonic clock, by which deadlines are kept.
  package var now: @Sendable () -> ContinuousClock.Instant
  /// The wall clock, by which dates are judged.
  package var wallClock: @Sendable () -> Date
  /// Waits between attempts, or throws `CancellationError`.
  package var sleep: @Sendable (Duration) async throws -> Void
  /// Returns when a wait for something else times out, or throws `CancellationError`.
  package var timer: @Sendable (Duration) async throws -> Void
  /// A random duration from 0 up to a limit.
  package var jitter: @Sendable (Duration) -> Duration

  package init(
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
    wallClock: @escaping @Sendable () -> Date = { Date() },
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    timer: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    jitter: @escaping @Sendable (Duration) -> Duration = { $0 * Double.random(in: 0...1) }
  ) {
    self.now = now
    self.wallClock = wallClock
    self.sleep = sleep
    self.timer = timer
    self.jitter = jitter
  }
}
