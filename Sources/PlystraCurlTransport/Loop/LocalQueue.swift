/// What runs the jobs of tasks that prefer a transport's executor.
protocol JobRunner: AnyObject, Sendable {
  /// Runs a job on the calling thread, which is that of a loop.
  func run(_ job: UnownedJob)
  /// Has a job run that no loop accepts any more.
  func passOn(_ job: UnownedJob)
}

/// What the loop thread itself hands to its loop, without a lock: the requests and jobs of tasks that run on it.
///
/// Confined to the loop thread.
final class LocalQueue {
  /// A batch of jobs may add others, which are run at once so often; then it is the network's turn.
  private static let batches = 4

  private var submitted: [Transfer] = []
  private var jobs: [UnownedJob] = []
  /// Filled and emptied in turns with the above, so that neither allocates.
  private var batch: [UnownedJob] = []
  /// Nil when the thread ends, as it holds the loop in its turn.
  var runner: (any JobRunner)?

  var hasSubmitted: Bool { !submitted.isEmpty }
  var isEmpty: Bool { submitted.isEmpty && jobs.isEmpty }

  func submit(_ transfer: Transfer) { submitted.append(transfer) }

  func enqueue(_ job: UnownedJob) { jobs.append(job) }

  func enqueue(_ more: [UnownedJob]) { jobs.append(contentsOf: more) }

  func runJobs() {
    for _ in 0..<Self.batches where !jobs.isEmpty {
      swap(&jobs, &batch)
      for job in batch { runner?.run(job) }
      batch.removeAll(keepingCapacity: true)
    }
  }

  /// Moves the requests into `empty`.
  func takeSubmitted(into empty: inout [Transfer]) { swap(&submitted, &empty) }

  /// Returns the jobs, which are no longer here.
  func takeJobs() -> [UnownedJob] {
    var taken: [UnownedJob] = []
    swap(&jobs, &taken)
    return taken
  }
}
