import Foundation
import PlystraCore

/// Real time, except for the waits between attempts, which are put down and leapt over, and for the wall clock, which
/// stands still until a test sets it.
final class SkippedTime: Sendable {
  private struct State {
    var skipped = Duration.zero
    var wallClock = SkippedTime.wallClock
    var waits: [Duration] = []
    var jitterLimits: [Duration] = []
    var jitter: ArraySlice<Duration>
  }

  /// What the wall clock of every test shows at first.
  static let wallClock = Date(timeIntervalSince1970: 1_778_025_600)  // Wed, 06 May 2026 00:00:00 GMT

  private let state: Locked<State>
  private let onWait: @Sendable (Duration) async throws -> Void

  /// Scripts the jitter, of which there is 1 ms each time when the script has ended, and what happens during a wait.
  init(
    jitter: [Duration] = [],
    onWait: @escaping @Sendable (Duration) async throws -> Void = { _ in }
  ) {
    state = Locked(State(jitter: jitter[...]))
    self.onWait = onWait
  }

  /// The waits so far, in order.
  var waits: [Duration] { state.withLock { $0.waits } }
  /// The limits within which jitter was asked for, in order.
  var jitterLimits: [Duration] { state.withLock { $0.jitterLimits } }
  /// The moment by this clock.
  var now: ContinuousClock.Instant { .now + state.withLock { $0.skipped } }

  /// Sets the wall clock forward, or back; nothing else changes.
  func setWallClock(forwardBy seconds: TimeInterval) { state.withLock { $0.wallClock += seconds } }

  /// What a client is given.
  var timing: Timing {
    Timing(
      now: { self.now },
      wallClock: { self.state.withLock { $0.wallClock } },
      sleep: { wait in
        self.state.withLock { $0.waits.append(wait) }
        try await self.onWait(wait)
        try Task.checkCancellation()
        self.state.withLock { $0.skipped += wait }
      },
      jitter: { limit in
        self.state.withLock { state in
          state.jitterLimits.append(limit)
          return state.jitter.popFirst() ?? .milliseconds(1)
        }
      })
  }
}
