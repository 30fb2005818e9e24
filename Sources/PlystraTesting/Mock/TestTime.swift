import PlystraCore

/// The clock of an instrument, so that tests of delays need not wait for them.
struct TestTime: Sendable {
  /// The time that has passed since some moment.
  let now: @Sendable () -> Duration
  private let sleep: @Sendable (Duration) async throws -> Void

  init<C: Clock>(_ clock: C) where C.Duration == Duration {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
  }

  /// Waits.
  ///
  /// - Throws: `CancellationError` if the task is cancelled, `TransportError` if the clock fails by itself.
  func wait(_ duration: Duration) async throws {
    do {
      if duration > .zero { try await sleep(duration) }
    } catch {
      try Task.checkCancellation()
      throw TransportError(
        kind: .other, message: "the clock of the test failed to sleep: \(error)", mayHaveBeenSent: true,
        underlyingError: error)
    }
    try Task.checkCancellation()
  }

  /// Waits as long as an exchange has time, if that is shorter.
  ///
  /// - Throws: `TransportError` of kind `timeout` if the exchange ran out of time, and what ``wait(_:)`` throws.
  func wait(_ duration: Duration, within timeout: Duration) async throws {
    guard duration >= timeout else { return try await wait(duration) }
    try await wait(timeout)
    throw Self.timeout(timeout)
  }

  static func timeout(_ timeout: Duration) -> TransportError {
    TransportError(
      kind: .timeout, message: "no answer within the time that the request had left, \(timeout)",
      mayHaveBeenSent: timeout > .zero)
  }
}
