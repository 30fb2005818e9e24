import PlystraCore

/// Resumes many tasks from a thread of the pool where most of them will run.
///
/// A task that is resumed wakes a thread of the pool, and on a busy core that thread takes the place of the one that
/// resumed it, at once: for each of a batch of answers, the loop thread would lose the processor. So it hands over the
/// batch, and wakes one thread.
///
/// `@unchecked Sendable` is right because all properties are touched with `mutex` held alone.
final class Courier: @unchecked Sendable {
  private let mutex = Mutex()
  private var bag: [Transfer.Continuation] = []
  private var idle: UnsafeContinuation<Void, Never>?
  private var hasStarted = false
  private var isClosed = false

  /// Takes a batch of tasks that wait over, leaving none.
  func take(_ deliveries: inout [Transfer.Continuation]) {
    mutex.lock()
    if bag.isEmpty { swap(&bag, &deliveries) } else { bag += deliveries }
    let mustStart = !hasStarted
    hasStarted = true
    let idle = takeIdle()
    mutex.unlock()
    deliveries.removeAll(keepingCapacity: true)
    idle?.resume()
    if mustStart { Task.detached { await self.run() } }
  }

  /// Has it end when everything is delivered.
  func close() {
    mutex.lock()
    isClosed = true
    let idle = takeIdle()
    mutex.unlock()
    idle?.resume()
  }

  private func takeIdle() -> UnsafeContinuation<Void, Never>? {
    let former = idle
    idle = nil
    return former
  }

  private func run() async {
    var batch: [Transfer.Continuation] = []
    while collect(&batch) {
      for continuation in batch { continuation.resume() }
      batch.removeAll(keepingCapacity: true)
      await withUnsafeContinuation { rest($0) }
    }
  }

  /// Moves the bag's content into `batch`; false if there is nothing and never will be.
  private func collect(_ batch: inout [Transfer.Continuation]) -> Bool {
    mutex.lock()
    defer { mutex.unlock() }
    swap(&bag, &batch)
    return !batch.isEmpty || !isClosed
  }

  /// Has the continuation resumed when there is something to do.
  private func rest(_ continuation: UnsafeContinuation<Void, Never>) {
    mutex.lock()
    let mayRest = bag.isEmpty && !isClosed
    if mayRest { idle = continuation }
    mutex.unlock()
    if !mayRest { continuation.resume() }
  }
}
