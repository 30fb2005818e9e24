import Foundation
import PlystraCore

/// Time that stands still until a test moves it on: who waits for a moment sleeps until it has come.
final class ManualTime: Sendable {
  private struct State {
    var elapsed = Duration.zero
    var wallClock = FakeTime.wallClock
    var sleepers = Sleepers<Duration>()
    /// Tests that wait until so many tasks sleep.
    var observers = Sleepers<Int>()
  }

  private let start = ContinuousClock.now
  private let state = Locked(State())

  /// What a client is given; jitter is always the whole of its limit.
  var timing: Timing {
    let sleep = { @Sendable (duration: Duration) in try await self.sleep(until: self.elapsed + duration) }
    return Timing(
      now: { self.start + self.elapsed }, wallClock: { self.wallClock }, sleep: sleep, timer: sleep,
      jitter: { $0 })
  }

  /// The same, but waits between attempts pass by themselves, and take longer than asked.
  func timing(oversleeping delay: Duration = .zero) -> Timing {
    var timing = timing
    timing.sleep = { self.advance(by: $0 + delay) }
    return timing
  }

  /// How much time has passed.
  var elapsed: Duration { state.withLock { $0.elapsed } }

  /// What the client's wall clock shows, right or wrong.
  var wallClock: Date { state.withLock { $0.wallClock } }

  /// What a wall clock that nobody sets shows.
  var trueDate: Date { FakeTime.wallClock + elapsed / .seconds(1) }

  /// Sets the client's wall clock forward, or back, while no time passes.
  func setWallClock(forwardBy seconds: TimeInterval) { state.withLock { $0.wallClock += seconds } }

  /// Lets time pass, on both clocks, and wakes those whose moment has come.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.elapsed += duration
      state.wallClock += duration / .seconds(1)
      return state.sleepers.wake { $0 <= state.elapsed }
    }
    for continuation in due { continuation.resume() }
  }

  /// Returns when so much time has passed; throws `CancellationError` as soon as the task is cancelled.
  func sleep(until end: Duration) async throws {
    try await suspend(\.sleepers, waitingFor: end) { end <= $0.elapsed }
  }

  /// Returns when at least so many tasks sleep; throws `CancellationError` as soon as the task is cancelled.
  func untilSleeping(_ count: Int = 1) async throws {
    try await suspend(\.observers, waitingFor: count) { $0.sleepers.count >= count }
  }

  private func suspend<Goal>(
    _ sleepers: any WritableKeyPath<State, Sleepers<Goal>> & Sendable, waitingFor goal: Goal,
    unless isReached: @Sendable (State) -> Bool
  ) async throws {
    let ticket = state.withLock { $0[keyPath: sleepers].newTicket() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Void, any Error>? = state.withLock { state in
          if isReached(state) { return .success(()) }
          return state[keyPath: sleepers].add(continuation, ticket, goal)
            ? nil : .failure(CancellationError())
        }
        if let result { continuation.resume(with: result) }
        let satisfied = state.withLock { state in
          let count = state.sleepers.count
          return state.observers.wake { $0 <= count }
        }
        for observer in satisfied { observer.resume() }
      }
    } onCancel: {
      state.withLock { $0[keyPath: sleepers].cancel(ticket) }?.resume(throwing: CancellationError())
    }
  }
}

/// Tasks that wait for something each, by ticket.
private struct Sleepers<Goal: Sendable>: Sendable {
  typealias Continuation = CheckedContinuation<Void, any Error>

  private var nextTicket = 0
  private var waiting: [Int: (goal: Goal, continuation: Continuation)] = [:]
  private var cancelled: Set<Int> = []

  var count: Int { waiting.count }

  mutating func newTicket() -> Int {
    defer { nextTicket += 1 }
    return nextTicket
  }

  /// Lets a task wait, unless it has been cancelled before.
  mutating func add(_ continuation: Continuation, _ ticket: Int, _ goal: Goal) -> Bool {
    guard cancelled.remove(ticket) == nil else { return false }
    waiting[ticket] = (goal, continuation)
    return true
  }

  /// Takes out those whose goal is reached.
  mutating func wake(where isReached: (Goal) -> Bool) -> [Continuation] {
    let awake = waiting.filter { isReached($0.value.goal) }
    for ticket in awake.keys { waiting[ticket] = nil }
    return awake.values.map(\.continuation)
  }

  /// Takes out one that is cancelled, or remembers that it is.
  mutating func cancel(_ ticket: Int) -> Continuation? {
    let sleeper = waiting.removeValue(forKey: ticket)
    if sleeper == nil { cancelled.insert(ticket) }
    return sleeper?.continuation
  }
}

/// A door that opens once and stays open: tasks wait in front of it, tests open it.
struct Door: Sendable {
  private let time = ManualTime()

  /// Returns when the door is open; throws `CancellationError` as soon as the task is cancelled.
  func pass() async throws { try await time.sleep(until: .seconds(1)) }

  /// Lets everybody through, those who come later too.
  func open() { time.advance(by: .seconds(1)) }

  /// Returns when at least so many tasks wait in front of the closed door.
  func untilWaiting(_ count: Int = 1) async throws { try await time.untilSleeping(count) }
}
