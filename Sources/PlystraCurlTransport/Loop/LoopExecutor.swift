/// Runs tasks on the loop threads of a transport, so that their requests and responses need no other thread.
///
/// A task on one of the loops stays there, unless another one makes a request of it; other tasks are spread over them.
/// When the transport is shut down, jobs that are left and those that arrive later run on the global executor.
@available(macOS 15.0, iOS 18.0, tvOS 18.0, watchOS 11.0, *)
final class LoopExecutor: TaskExecutor, JobRunner {
  private let loops: LoopGroup

  init(loops: LoopGroup) { self.loops = loops }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if !loops.forJob().accept(job) { passOn(job) }
  }

  func run(_ job: UnownedJob) { job.runSynchronously(on: asUnownedTaskExecutor()) }

  func passOn(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
}
