/// Outcomes on their way to the tasks that wait for them.
///
/// They are delivered at the end of a turn: a task that runs on at once may call anything.
struct Deliveries {
  private var ended: [(transfer: LoopTransfer, outcome: Transfer.Outcome)] = []
  /// Those that tasks of the loop's own thread wait for, and all others.
  private var own: [Transfer.Continuation] = []
  private var others: [Transfer.Continuation] = []

  mutating func add(_ transfer: LoopTransfer, _ outcome: consuming Transfer.Outcome) {
    ended.append((transfer, outcome))
  }

  /// Stores the outcomes and resumes the tasks.
  ///
  /// - Returns: whether any of them runs on another thread.
  mutating func deliver(through mailbox: LoopMailbox) -> Bool {
    guard !ended.isEmpty else { return false }
    mailbox.withLock { mailbox in
      for (transfer, outcome) in ended {
        guard let continuation = mailbox.deliver(outcome, to: transfer.transfer) else { continue }
        if transfer.isLocal { own.append(continuation) } else { others.append(continuation) }
      }
    }
    ended.removeAll(keepingCapacity: true)
    let hasOthers = !others.isEmpty
    Self.resume(&own)
    Self.resume(&others)
    return hasOthers
  }

  private static func resume(_ continuations: inout [Transfer.Continuation]) {
    for continuation in continuations { continuation.resume() }
    continuations.removeAll(keepingCapacity: true)
  }
}
