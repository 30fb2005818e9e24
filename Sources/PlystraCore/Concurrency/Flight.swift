/// One piece of work that many tasks wait for.
///
/// The work belongs to none of them: a waiting task that is cancelled leaves at once, and the work goes on for the
/// others.
final class Flight<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiting: [Int: CheckedContinuation<Value?, any Error>] = [:]
    /// Tasks that left before they began to wait.
    var left: [Int: Departure] = [:]
    var nextTicket = 0
  }

  private enum Departure {
    case cancelled, timedOut

    var result: Result<Value?, any Error> {
      switch self {
      case .cancelled: .failure(CancellationError())
      case .timedOut: .success(nil)
      }
    }
  }

  private let state = Locked(State())

  /// Starts the work.
  init(_ work: @escaping @Sendable () async -> Value) {
    Task {
      let value = await work()
      let waiting = state.withLock { state in
        state.value = value
        defer { state.waiting = [:] }
        return Array(state.waiting.values)
      }
      for continuation in waiting { continuation.resume(returning: value) }
    }
  }

  /// Waits for the result, or returns nil after `limit`.
  ///
  /// - Throws: `CancellationError` as soon as the waiting task is cancelled, and nothing else.
  func value(within limit: Duration) async throws -> Value? {
    let ticket = state.withLock { state in
      defer { state.nextTicket += 1 }
      return state.nextTicket
    }
    let timer = Task {
      try await Task.sleep(for: limit)
      leave(ticket, .timedOut)
    }
    defer {
      timer.cancel()
      state.withLock { $0.left[ticket] = nil }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Value?, any Error>? = state.withLock { state in
          if let departure = state.left[ticket] { return departure.result }
          if let value = state.value { return .success(value) }
          state.waiting[ticket] = continuation
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      leave(ticket, .cancelled)
    }
  }

  private func leave(_ ticket: Int, _ departure: Departure) {
    let continuation = state.withLock { state in
      let continuation = state.waiting.removeValue(forKey: ticket)
      if continuation == nil { state.left[ticket] = departure }
      return continuation
    }
    continuation?.resume(with: departure.result)
  }
}
