/// A task whose result many other tasks wait for.
///
/// It belongs to none of them: a waiting task that is cancelled stops waiting at once, and the shared task continues for
/// the others.
final class SharedTask<Value: Sendable>: Sendable {
  /// The state of a task that waits.
  private enum Waiter {
    case registered
    case suspended(CheckedContinuation<Value?, any Error>)
    /// It was cancelled, or its time had passed, before it was suspended.
    case ended(Result<Value?, any Error>)
  }

  private struct State {
    var value: Value?
    var waiters: [Int: Waiter] = [:]
    var nextID = 0
  }

  private let state = Locked(State())

  /// Starts the task.
  init(_ operation: @escaping @Sendable () async -> Value) {
    Task { finish(with: await operation()) }
  }

  private func finish(with value: Value) {
    let waiters = state.withLock { state in
      state.value = value
      return Array(state.waiters.values)
    }
    for case .suspended(let continuation) in waiters { continuation.resume(returning: value) }
  }

  /// Waits for the result, or returns nil when `timer` returns first.
  ///
  /// - Throws: `CancellationError` as soon as the waiting task is cancelled, and nothing else.
  func value(until timer: @escaping @Sendable () async throws -> Void) async throws -> Value? {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      state.waiters[state.nextID] = .registered
      return state.nextID
    }
    let timeout = Task {
      try await timer()
      end(id, with: .success(nil))
    }
    defer {
      timeout.cancel()
      state.withLock { $0.waiters[id] = nil }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Value?, any Error>? = state.withLock { state in
          if case .ended(let result)? = state.waiters[id] { return result }
          if let value = state.value { return .success(value) }
          state.waiters[id] = .suspended(continuation)
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      end(id, with: .failure(CancellationError()))
    }
  }

  /// Ends the wait of one task, unless it has ended.
  private func end(_ id: Int, with result: Result<Value?, any Error>) {
    let continuation: CheckedContinuation<Value?, any Error>? = state.withLock { state in
      switch state.waiters[id] {
      case .suspended(let continuation)? where state.value == nil:
        state.waiters[id] = .ended(result)
        return continuation
      case .registered?: state.waiters[id] = .ended(result)
      default: break
      }
      return nil
    }
    continuation?.resume(with: result)
  }
}
