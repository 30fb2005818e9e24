import PlystraCore

/// One call of `send`, as its task and the loop thread share it: what is asked for, and the one delivery of what
/// came of it.
///
/// The task suspends in `begin`. Whoever comes first, the loop with an outcome or the cancellation of the task,
/// takes the continuation under the lock and resumes it outside; the other finds it gone.
final class Transfer: Sendable {
  typealias Continuation = UnsafeContinuation<Outcome, Never>

  /// What came of a transfer.
  enum Outcome: Sendable {
    case answer(ResponseHead, body: [UInt8])
    case failure(TransportError)
    case cancelled
  }

  private enum Delivery: Sendable {
    case notBegun
    case awaited(Continuation, slot: Int?)
    case made
  }

  let request: HTTPRequest
  /// Scheme and authority of the URL: requests of the same origin share connections.
  let origin: String
  let deadline: MonotonicTime
  private let delivery = Locked(Delivery.notBegun)

  init(_ request: HTTPRequest, origin: String, deadline: MonotonicTime) {
    self.request = request
    self.origin = origin
    self.deadline = deadline
  }

  /// Takes the continuation of the suspended task; false if the task was cancelled before, and has been told so.
  func begin(_ continuation: Continuation) -> Bool {
    let isAwaited = delivery.withLock { delivery in
      guard case .notBegun = delivery else { return false }
      delivery = .awaited(continuation, slot: nil)
      return true
    }
    if !isAwaited { continuation.resume(returning: .cancelled) }
    return isAwaited
  }

  /// Notes at which slot the loop holds this transfer; false if nobody waits for it any more.
  func adopt(slot: Int) -> Bool {
    delivery.withLock { delivery in
      guard case .awaited(let continuation, _) = delivery else { return false }
      delivery = .awaited(continuation, slot: slot)
      return true
    }
  }

  /// Whether the task still waits for the outcome.
  var isAwaited: Bool {
    delivery.withLock { delivery in
      if case .awaited = delivery { return true }
      return false
    }
  }

  /// Resumes the task with an outcome, unless it was cancelled before.
  func deliver(_ outcome: Outcome) {
    take()?.continuation.resume(returning: outcome)
  }

  /// Resumes the task with its cancellation, unless there was an outcome before.
  ///
  /// - Returns: the slot at which the loop holds the transfer and should now let go of it, if it does.
  func cancel() -> Int? {
    guard let (continuation, slot) = take() else { return nil }
    continuation.resume(returning: .cancelled)
    return slot
  }

  private func take() -> (continuation: Continuation, slot: Int?)? {
    delivery.withLock { delivery in
      defer { delivery = .made }
      guard case .awaited(let continuation, let slot) = delivery else { return nil }
      return (continuation, slot)
    }
  }
}
