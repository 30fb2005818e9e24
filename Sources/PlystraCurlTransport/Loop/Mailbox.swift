/// What tasks have told the loop thread and it has not yet read, and whether it must be woken to read it.
struct Mailbox: Sendable {
  /// The word that a task was cancelled whose transfer the loop holds.
  struct Cancellation: Sendable {
    let transfer: Transfer
    let slot: Int
  }

  /// What the loop takes out at once.
  struct Mail: Sendable {
    var submitted: [Transfer] = []
    var cancelled: [Cancellation] = []
    var isEmpty: Bool { submitted.isEmpty && cancelled.isEmpty }

    mutating func removeAll() {
      submitted.removeAll(keepingCapacity: true)
      cancelled.removeAll(keepingCapacity: true)
    }
  }

  /// Set for good when the transport is shut down: from then on nothing is accepted.
  private(set) var isClosed = false
  /// Threads between the decision to wake the loop and the end of that call.
  private(set) var wakers = 0
  private var mail = Mail()
  private var loopSleeps = false

  /// Whether a submission was accepted, and whether the loop must be woken for it.
  enum Receipt { case refused, accepted, acceptedMustWake }

  mutating func submit(_ transfer: Transfer) -> Receipt {
    guard !isClosed else { return .refused }
    mail.submitted.append(transfer)
    return claimWakeUp() ? .acceptedMustWake : .accepted
  }

  /// - Returns: whether the loop must be woken.
  mutating func cancel(_ transfer: Transfer, slot: Int) -> Bool {
    guard !isClosed else { return false }
    mail.cancelled.append(Cancellation(transfer: transfer, slot: slot))
    return claimWakeUp()
  }

  /// - Returns: whether the loop must be woken.
  mutating func close() -> Bool {
    isClosed = true
    return claimWakeUp()
  }

  mutating func wakeUpDone() { wakers -= 1 }

  /// What the loop does next.
  enum Step { case read, sleep, end }

  /// Moves the mail into `empty`, or, if there is none, says that the loop is going to sleep.
  mutating func collectOrSleep(into empty: inout Mail) -> Step {
    guard mail.isEmpty && !isClosed else { return collect(into: &empty) }
    loopSleeps = true
    return .sleep
  }

  /// Moves the mail into `empty` and says that the loop is awake, so that nobody needs to wake it.
  mutating func collect(into empty: inout Mail) -> Step {
    loopSleeps = false
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
