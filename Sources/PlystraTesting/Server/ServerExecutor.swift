import Dispatch

/// Runs the tasks of handlers on the server's own thread, so that a request that is answered from memory
/// never changes threads.
///
/// When the server has ended, what is left of such tasks is run by the system's threads.
@available(macOS 15.0, *)
final class ServerExecutor: TaskExecutor {
  private let mailbox: ServerMailbox

  init(_ mailbox: ServerMailbox) { self.mailbox = mailbox }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if !mailbox.accept(job) { runElsewhere(job) }
  }

  /// Runs a job on the calling thread, which is the server's.
  func run(_ job: UnownedJob) {
    job.runSynchronously(on: asUnownedTaskExecutor())
  }

  /// Runs a job on one of the system's threads.
  func runElsewhere(_ job: UnownedJob) {
    DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
