import Dispatch
import PlystraCore

/// What one connection of a ``RawServer`` has seen.
package struct RawConnectionRecord: Sendable {
  /// Every byte the server read, in order.
  package var received: [UInt8] = []
  /// How many bytes the server wrote.
  package var sentByteCount = 0
  /// Whether the client was seen to close or reset the connection, or its half of it.
  package var peerFinished = false
  /// Whether the server has closed its side.
  package var isClosed = false
}

/// What a ``RawServer`` has seen so far.
package struct RawServerLog: Sendable {
  /// The connections in the order they were accepted.
  package var connections: [RawConnectionRecord] = []
  /// The complete requests of all connections in the order their last byte was read.
  package var requests: [RawRequest] = []
}

/// The wait for something to arrive at a ``RawServer`` took too long.
package struct RawServerTimeout: Error, CustomStringConvertible {
  let awaited: String
  let log: RawServerLog

  package var description: String {
    "waited in vain for \(awaited); seen: \(log.connections.count) connections,"
      + " \(log.requests.count) requests, \(log.connections.filter(\.peerFinished).count) ended by the client"
  }
}

/// Keeps the log of a ``RawServer`` and wakes the tests that wait for it to change.
final class RawServerJournal: Sendable {
  private struct State {
    var log = RawServerLog()
    var waiters: [Int: Waiter] = [:]
    var nextWaiter = 0
  }
  private struct Waiter {
    let condition: @Sendable (RawServerLog) -> Bool
    let continuation: CheckedContinuation<Outcome, Never>
  }
  private enum Outcome { case met, timedOut, cancelled }

  private let state = Locked(State())

  var log: RawServerLog { state.withLock { $0.log } }

  /// Changes the log and wakes those whose condition now holds.
  func update(_ change: (inout RawServerLog) -> Void) {
    let met = state.withLock { state in
      change(&state.log)
      let met = state.waiters.filter { $0.value.condition(state.log) }
      for id in met.keys { state.waiters[id] = nil }
      return met.values.map(\.continuation)
    }
    for continuation in met { continuation.resume(returning: .met) }
  }

  /// Returns once the condition holds.
  ///
  /// - Throws: ``RawServerTimeout``, or `CancellationError`.
  func wait(
    for awaited: String, within limit: Duration,
    until condition: @escaping @Sendable (RawServerLog) -> Bool
  ) async throws {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) * 1e-18
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let alreadyMet = state.withLock { state in
          if condition(state.log) { return true }
          state.waiters[id] = Waiter(condition: condition, continuation: continuation)
          return false
        }
        if alreadyMet { return continuation.resume(returning: .met) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { self.settle(id, .timedOut) }
        if Task.isCancelled { settle(id, .cancelled) }
      }
    } onCancel: {
      settle(id, .cancelled)
    }
    switch outcome {
    case .met: return
    case .timedOut: throw RawServerTimeout(awaited: awaited, log: log)
    case .cancelled: throw CancellationError()
    }
  }

  private func settle(_ id: Int, _ outcome: Outcome) {
    state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: outcome)
  }
}

extension RawConnection {
  /// Puts a request down in the log of the connection's server.
  func note(_ request: RawRequest) { journal?.update { $0.requests.append(request) } }
}
