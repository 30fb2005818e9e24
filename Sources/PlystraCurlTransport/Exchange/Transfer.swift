import PlystraCore

/// One call of `send`, as its task and the loop thread share it: what is asked for, and the one delivery of the outcome.
///
/// Whoever comes first, the loop with an outcome or the cancellation of the task, takes the continuation with the lock of
/// the loop's mailbox held and resumes it after that; the other finds it gone.
///
/// `@unchecked Sendable` is right because the first properties are constants, `delivery` and `outcome` are touched with
/// that lock held alone, and `slot` by the loop thread alone.
final class Transfer: @unchecked Sendable {
  typealias Continuation = UnsafeContinuation<Void, Never>

  /// What came of a transfer.
  enum Outcome: Sendable {
    case response(ResponseHead, body: [UInt8])
    case failure(TransportError)
    case cancelled

    /// Adds how the request went.
    mutating func add(_ metrics: TransportMetrics?) {
      switch self {
      case .response(var head, let body):
        head.metrics = metrics
        self = .response(head, body: body)
      case .failure(var error):
        error.metrics = metrics
        self = .failure(error)
      case .cancelled: break
      }
    }
  }

  private enum Delivery: Sendable {
    case notBegun
    case awaited(Continuation)
    /// The outcome is there.
    case made
    case cancelled
    case refused
  }

  let request: TransportRequest
  /// Scheme and authority of the URL: requests of the same origin share connections.
  let origin: RequestOrigin
  let start: MonotonicTime
  let deadline: MonotonicTime
  /// Whether it opens a connection even if there is an idle one.
  let opensConnection: Bool
  private var delivery = Delivery.notBegun
  private var outcome: Outcome?
  /// Where the loop's table has it; nil before and afterwards.
  var slot: Int?

  /// - Parameter start: when the request's timeout began.
  init(
    _ request: TransportRequest, origin: RequestOrigin, start: MonotonicTime, opensConnection: Bool = false
  ) {
    self.request = request
    self.origin = origin
    self.start = start
    self.opensConnection = opensConnection
    deadline = start.advanced(by: request.timeout)
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

  /// Whether the loop has delivered an outcome.
  var isDelivered: Bool {
    if case .made = delivery { return true }
    return false
  }

  /// Keeps the outcome and returns the continuation, which the loop must resume once, if the task still waits.
  func deliver(_ outcome: consuming Outcome) -> Continuation? {
    guard case .awaited(let continuation) = delivery else { return nil }
    delivery = .made
    self.outcome = outcome
    return continuation
  }

  /// Returns the continuation, which must be resumed once, if the task waits and is to wait no longer.
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

  /// Moves out the outcome, for the task that continues.
  func takeOutcome() -> Outcome {
    switch delivery {
    case .made: outcome.take() ?? .cancelled
    case .refused: .failure(.shutDown(mayHaveBeenSent: false))
    case .notBegun, .awaited, .cancelled: .cancelled
    }
  }
}
