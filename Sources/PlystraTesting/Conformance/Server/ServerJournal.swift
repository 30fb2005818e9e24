import PlystraCore

/// What a ``ScriptedServer`` has seen so far; wakes those who wait for it to see more.
final class ServerJournal: Sendable {
  /// What there was to see.
  struct Log: Sendable {
    var connectionCount = 0
    /// The complete requests of all connections in the order in which their last byte was read.
    var requests: [ScriptedRequest] = []
    /// The numbers of the connections that the client was seen to leave.
    var disconnected: Set<Int> = []
    /// How many bytes were written to all connections.
    var sentByteCount = 0
  }

  private struct Waiter {
    let condition: @Sendable (Log) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var log = Log()
    var waiters: [Int: Waiter] = [:]
    var lastWaiter = 0
  }

  private let state = Locked(State())

  var log: Log { state.withLock { $0.log } }

  // MARK: For scripts

  /// Counts a connection; returns its number.
  func addConnection() -> Int {
    update { log in
      log.connectionCount += 1
      return log.connectionCount - 1
    }
  }

  func add(_ request: ScriptedRequest) { update { $0.requests.append(request) } }

  func noteDisconnect(of connection: Int) { update { _ = $0.disconnected.insert(connection) } }

  func noteSent(_ count: Int) { update { $0.sentByteCount += count } }

  private func update<Result>(_ change: (inout Log) -> Result) -> Result {
    let (result, met) = state.withLock { state in
      let result = change(&state.log)
      let met = state.waiters.filter { $0.value.condition(state.log) }
      for id in met.keys { state.waiters[id] = nil }
      return (result, met.values.map(\.continuation))
    }
    for continuation in met { continuation.resume(returning: true) }
    return result
  }

  // MARK: For cases

  /// Waits until the log is as wanted; false if that takes longer than the limit.
  func wait(within limit: Duration, until condition: @escaping @Sendable (Log) -> Bool) async -> Bool {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    let timer = Task {
      do { try await Task.sleep(for: limit) } catch { return }
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { continuation in
      let isMet = state.withLock { state in
        if condition(state.log) { return true }
        state.waiters[id] = Waiter(condition: condition, continuation: continuation)
        return false
      }
      if isMet { continuation.resume(returning: true) }
    }
  }

  /// Waits until so many requests have arrived.
  func waitForRequests(_ count: Int, within limit: Duration) async -> Bool {
    await wait(within: limit) { $0.requests.count >= count }
  }
}
