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
  /// A batch of jobs may bring about others, which are run at once so often; then the network has its turn.
  private static let batches = 4

  private struct Content {
    var submitted: [Transfer] = []
    var jobs: [UnownedJob] = []
    /// Emptied and filled in turns with the above, so that neither allocates.
    var batch: [UnownedJob] = []
  }

  /// Each access is over before anything else is called, on the one thread that has the object.
  private let memory = OwnMemory(Content())
  /// Nil when the thread ends, as it holds the loop in its turn.
  var runner: (any JobRunner)?

  private var content: UnsafeMutablePointer<Content> { memory.pointer }

  var hasSubmitted: Bool { !content.pointee.submitted.isEmpty }
  var isEmpty: Bool { content.pointee.submitted.isEmpty && content.pointee.jobs.isEmpty }

  func submit(_ transfer: Transfer) { content.pointee.submitted.append(transfer) }

  func enqueue(_ job: UnownedJob) { content.pointee.jobs.append(job) }

  func enqueue(_ more: [UnownedJob]) { content.pointee.jobs.append(contentsOf: more) }

  func runJobs() {
    for _ in 0..<Self.batches where !content.pointee.jobs.isEmpty {
      swap(&content.pointee.jobs, &content.pointee.batch)
      for job in content.pointee.batch { runner?.run(job) }
      content.pointee.batch.removeAll(keepingCapacity: true)
    }
  }

  /// Moves the requests into `empty`.
  func takeSubmitted(into empty: inout [Transfer]) { swap(&content.pointee.submitted, &empty) }

  /// Hands out the jobs.
  func takeJobs() -> [UnownedJob] {
    let jobs = content.pointee.jobs
    content.pointee.jobs = []
    return jobs
  }
}
