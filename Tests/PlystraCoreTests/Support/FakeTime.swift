import Foundation
import PlystraCore

/// Time and chance that stand still until a test or a wait of the client moves them on.
final class FakeTime: Sendable {
  private struct State {
    var elapsed = Duration.zero
    var sleeps: [Duration] = []
    var jitterLimits: [Duration] = []
    var parts: ArraySlice<Double>
  }

  /// The wall clock of every test.
  static let wallClock = Date(timeIntervalSince1970: 1_778_025_600)  // Wed, 06 May 2026 00:00:00 GMT

  private let start = ContinuousClock.now
  /// How much longer than asked each wait takes.
  private let oversleep: Duration
  private let state: Locked<State>

  /// Scripts which part of its limit each jitter takes; the whole of it when the script has ended.
  init(jitter parts: [Double] = [], oversleep: Duration = .zero) {
    state = Locked(State(parts: parts[...]))
    self.oversleep = oversleep
  }

  /// The waits of the client, in order.
  var sleeps: [Duration] { state.withLock { $0.sleeps } }
  /// The limits within which jitter was asked for, in order.
  var jitterLimits: [Duration] { state.withLock { $0.jitterLimits } }
  /// How much time has passed.
  var elapsed: Duration { state.withLock { $0.elapsed } }

  /// Lets time pass.
  func advance(by duration: Duration) { state.withLock { $0.elapsed += duration } }

  /// What a client is given.
  var timing: Timing {
    Timing(
      now: { self.start + self.elapsed },
      wallClock: { Self.wallClock },
      sleep: { duration in
        try Task.checkCancellation()
        self.state.withLock { state in
          state.sleeps.append(duration)
          state.elapsed += duration + self.oversleep
        }
      },
      jitter: { limit in
        self.state.withLock { state in
          state.jitterLimits.append(limit)
          return limit * (state.parts.popFirst() ?? 1)
        }
      })
  }
}
