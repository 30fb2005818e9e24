import PlystraCore

/// One call of `send`, as its task and the loop thread share it: what is asked for, how far it has come, and the one
/// delivery of what came of it.
///
/// Whoever comes first, the loop with a result or the cancellation of the task, takes the continuation under the lock of
/// the loop's mailbox and resumes it outside; the other finds it gone.
///
/// `@unchecked Sendable` is right because the first properties are constants, `delivery` is touched with that lock held
/// alone, and the others by the loop thread alone, which gets the transfer through the mailbox, but for `result`: that is
/// the task's, with the lock held, once the loop has taken the continuation.
final class Transfer: @unchecked Sendable {
  typealias Continuation = UnsafeContinuation<Void, Never>

  /// What came of a transfer.
  enum Outcome: Sendable {
    case answer(ResponseHead, body: [UInt8])
    case failure(TransportError)
    case cancelled
  }

  private enum Delivery: Sendable {
    case notBegun
    case awaited(Continuation)
    /// The loop's result.
    case made
    case cancelled
    case refused
  }

  /// How far the loop has come with it.
  enum Stage {
    /// The loop does not know it, or no longer.
    case outside
    /// In the queue of its host.
    case waiting(ticket: Int)
    /// Taken from the queue, not yet with libcurl.
    case starting
    /// With libcurl.
    case running(EasyHandle)
  }

  let request: TransportRequest
  /// Scheme and authority of the URL: requests of the same origin share connections.
  let origin: RequestOrigin
  let deadline: MonotonicTime
  private var delivery = Delivery.notBegun
  // The loop thread's.

  var stage = Stage.outside
  /// Whether its task runs on the loop thread.
  var isLocal = false
  /// Where it waits its turn; nil while `stage` is `outside`.
  var host: HostQueue?
  /// Where the engine's table has it.
  var slot = 0
  /// What the loop made of it.
  var result: Outcome?

  init(_ request: TransportRequest, origin: RequestOrigin, deadline: MonotonicTime) {
    self.request = request
    self.origin = origin
    self.deadline = deadline
  }
}

// MARK: The one delivery, with the lock of the mailbox held

extension Transfer {
  /// Keeps the continuation of the suspended task; false if the task was cancelled before.
  func begin(_ continuation: Continuation) -> Bool {
    guard case .notBegun = delivery else { return false }
    delivery = .awaited(continuation)
    return true
  }

  /// Whether the task still waits for the outcome.
  var isAwaited: Bool {
    if case .awaited = delivery { return true }
    return false
  }

  /// Hands out the continuation to the loop, which must resume it, once, if the task still waits.
  func deliver() -> Continuation? {
    guard case .awaited(let continuation) = delivery else { return nil }
    delivery = .made
    return continuation
  }

  /// Hands out the continuation to be resumed, once, if the task waits and is to wait no more.
  func cancel() -> Continuation? {
    switch delivery {
    case .notBegun: delivery = .cancelled
    case .awaited(let continuation):
      delivery = .cancelled
      return continuation
    case .made, .cancelled, .refused: break
    }
    return nil
  }

  /// Says that the loop will not have it.
  func refuse() { delivery = .refused }

  /// Moves out what came of it, for the task that goes on.
  func takeOutcome() -> Outcome {
    switch delivery {
    case .made: result.take() ?? .cancelled
    case .refused: .failure(.shutDown(mayHaveBeenSent: false))
    case .notBegun, .awaited, .cancelled: .cancelled
    }
  }
}

// MARK: On the loop thread

extension Transfer {
  func start(on handle: EasyHandle) {
    handle.transfer = self
    stage = .running(handle)
    host?.didStart()
  }

  /// Leaves the queue or the easy handle; returns the handle, which is still with libcurl, to be taken back.
  func leaveStage() -> EasyHandle? {
    let former = stage
    stage = .outside
    switch former {
    case .waiting(let ticket):
      host?.withdraw(ticket: ticket)
      return nil
    case .starting, .outside:
      return nil
    case .running(let handle):
      handle.transfer = nil
      host?.didEnd()
      return handle
    }
  }

  /// Whether some of the request may have reached the server.
  var mayHaveBeenSent: Bool {
    if case .running(let handle) = stage { return handle.hasSentBytes }
    return false
  }

  /// Its use of a connection, once its request was sent.
  var connectionUse: ConnectionTable.Use? {
    if case .running(let handle) = stage { return handle.connectionUse }
    return nil
  }

  /// The failure if the deadline passes at this stage.
  var timeoutError: TransportError {
    guard case .running(let handle) = stage else {
      return .timeout("while waiting for one of the connections to the host", mayHaveBeenSent: false)
    }
    return .timeout(handle.activity, mayHaveBeenSent: handle.hasSentBytes)
  }
}
