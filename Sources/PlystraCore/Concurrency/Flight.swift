/// One piece of work that many tasks wait for.
///
/// The work belongs to none of them: a waiting task that is cancelled leaves at once, and the work goes on for the
/// others.
final class Flight<Value: Sendable>: Sendable {
  /// Where one of the tasks that wait stands.
  private enum Place {
    case arriving
    case waiting(CheckedContinuation<Value?, any Error>)
    /// It was cancelled, or its time had passed, before it began to wait.
    case left(Result<Value?, any Error>)
  }

  private struct State {
    var value: Value?
    var places: [Int: Place] = [:]
    var nextTicket = 0
  }

  private let state = Locked(State())

  /// Starts the work.
  init(_ work: @escaping @Sendable () async -> Value) {
    Task { land(await work()) }
  }

  private func land(_ value: Value) {
    let places = state.withLock { state in
      state.value = value
      return Array(state.places.values)
    }
    for case .waiting(let continuation) in places { continuation.resume(returning: value) }
  }

  /// Waits for the result, or returns nil when `timer` returns first.
  ///
  /// - Throws: `CancellationError` as soon as the waiting task is cancelled, and nothing else.
  func value(until timer: @escaping @Sendable () async throws -> Void) async throws -> Value? {
    let ticket = state.withLock { state in
      defer { state.nextTicket += 1 }
      state.places[state.nextTicket] = .arriving
      return state.nextTicket
    }
    let timeout = Task {
      try await timer()
      leave(ticket, .success(nil))
    }
    defer {
      timeout.cancel()
      state.withLock { $0.places[ticket] = nil }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Value?, any Error>? = state.withLock { state in
          if case .left(let result)? = state.places[ticket] { return result }
          if let value = state.value { return .success(value) }
          state.places[ticket] = .waiting(continuation)
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      leave(ticket, .failure(CancellationError()))
    }
  }

  private func leave(_ ticket: Int, _ result: Result<Value?, any Error>) {
    let continuation: CheckedContinuation<Value?, any Error>? = state.withLock { state in
      switch state.places[ticket] {
      case .waiting(let continuation)? where state.value == nil:
        state.places[ticket] = .left(result)
        return continuation
      case .arriving?: state.places[ticket] = .left(result)
      default: break
      }
      return nil
    }
    continuation?.resume(with: result)
  }
}
