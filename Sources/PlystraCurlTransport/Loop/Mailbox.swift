/// What tasks ask of a loop besides transfers and jobs.
enum LoopOrder: Sendable {
  /// Use the connection with this number no longer.
  case closeConnection(UInt64)
  /// Have new connections use these certificates.
  case reload(TLSMaterial)
  /// Tell how the hosts stand.
  case report(UnsafeContinuation<[CurlTransport.Statistics.Host], Never>)
}

/// What tasks ask of the loop thread and it has not yet read, and whether it must be woken to read it.
struct Mailbox: Sendable {
  /// What the loop takes out at once.
  struct Mail: Sendable {
    var submitted: [Transfer] = []
    var cancelled: [Transfer] = []
    var orders: [LoopOrder] = []
    /// Work of tasks that prefer the transport's executor.
    var jobs: [UnownedJob] = []
    var isEmpty: Bool { submitted.isEmpty && cancelled.isEmpty && orders.isEmpty && jobs.isEmpty }

    mutating func removeAll() {
      submitted.removeAll(keepingCapacity: true)
      cancelled.removeAll(keepingCapacity: true)
      orders.removeAll(keepingCapacity: true)
      jobs.removeAll(keepingCapacity: true)
    }
  }

  /// Set for good when the transport is shut down: from then on nothing is accepted.
  private(set) var isClosed = false
  /// Set when the transport is to be shut down once its requests have ended: the time at which they must have. From then on
  /// no request is accepted.
  private var drainEnd: MonotonicTime?
  /// The transfers for whose outcome a task waits.
  private(set) var load = 0
  /// Threads between the decision to wake the loop and the end of that call.
  private(set) var wakers = 0
  private var mail = Mail()
  private var loopSleeps = false

  /// Whether something was accepted, and whether the loop must be woken for it.
  enum Receipt { case refused, accepted, acceptedMustWake }

  /// What became of a task that was to wait for a transfer.
  enum Admission {
    /// It waits, and the loop must be woken for it, or not.
    case waiting, waitingMustWake
    /// It need not wait: it was cancelled before, or the transport is shut down.
    case over
  }

  /// Has a task wait for a transfer, and keeps the transfer for the loop, unless that has it already.
  mutating func submit(
    _ transfer: Transfer, _ continuation: Transfer.Continuation, isLocal: Bool
  ) -> Admission {
    guard !isClosed && drainEnd == nil else {
      transfer.refuse()
      return .over
    }
    guard transfer.begin(continuation) else { return .over }
    load += 1
    if isLocal { return .waiting }
    mail.submitted.append(transfer)
    return claimWakeUp() ? .waitingMustWake : .waiting
  }

  mutating func enqueue(_ job: UnownedJob) -> Receipt {
    guard !isClosed else { return .refused }
    mail.jobs.append(job)
    return claimWakeUp() ? .acceptedMustWake : .accepted
  }

  /// Takes the word that the task of a transfer was cancelled.
  ///
  /// - Returns: the task to be resumed with that, if it waits, and whether the loop must be woken.
  mutating func cancel(_ transfer: Transfer) -> (waiting: Transfer.Continuation?, mustWake: Bool) {
    guard let continuation = transfer.cancel() else { return (nil, false) }
    load -= 1
    guard !isClosed else { return (continuation, false) }
    mail.cancelled.append(transfer)
    return (continuation, claimWakeUp())
  }

  /// Stores the outcome of a transfer and returns the continuation, to be resumed once, if the task still waits.
  mutating func deliver(_ outcome: consuming Transfer.Outcome, to transfer: Transfer) -> Transfer
    .Continuation?
  {
    let continuation = transfer.deliver(outcome)
    if continuation != nil { load -= 1 }
    return continuation
  }

  /// Keeps an order for the loop.
  mutating func submit(_ order: LoopOrder) -> Receipt {
    guard !isClosed else { return .refused }
    mail.orders.append(order)
    return claimWakeUp() ? .acceptedMustWake : .accepted
  }

  /// Returns the orders that came since the last mail.
  mutating func takeOrders() -> [LoopOrder] {
    var taken: [LoopOrder] = []
    if !mail.orders.isEmpty { swap(&taken, &mail.orders) }
    return taken
  }

  /// - Returns: whether the loop must be woken.
  mutating func close() -> Bool {
    isClosed = true
    return claimWakeUp()
  }

  /// Accepts no request any more, and closes when there are none left, or at a time.
  ///
  /// - Returns: whether the loop must be woken.
  mutating func drain(until end: MonotonicTime) -> Bool {
    drainEnd = min(end, drainEnd ?? .distantFuture)
    return claimWakeUp()
  }

  /// Closes the mailbox if it drains and is to wait no longer.
  private mutating func closeIfDrained() {
    guard let drainEnd else { return }
    if load == 0 || drainEnd <= .now() { isClosed = true }
  }

  mutating func wakeUpDone() { wakers -= 1 }

  /// What the loop does next.
  enum Step {
    case read, end
    /// Sleep until there is mail, or until a time.
    case sleep(until: MonotonicTime)

    var isEnd: Bool {
      if case .end = self { return true }
      return false
    }
  }

  /// Moves the mail into `empty`, or, if there is none, says that the loop is going to sleep.
  mutating func collectOrSleep(into empty: inout Mail) -> Step {
    closeIfDrained()
    guard mail.isEmpty && !isClosed else { return collect(into: &empty) }
    loopSleeps = true
    return .sleep(until: drainEnd ?? .distantFuture)
  }

  /// Moves the mail into `empty` and says that the loop is awake, so that nobody needs to wake it.
  mutating func collect(into empty: inout Mail) -> Step {
    loopSleeps = false
    closeIfDrained()
    swap(&mail, &empty)
    return isClosed ? .end : .read
  }

  /// Of all who come while the loop sleeps, one wakes it.
  private mutating func claimWakeUp() -> Bool {
    guard loopSleeps else { return false }
    loopSleeps = false
    wakers += 1
    return true
  }
}
