import CLibcurl
import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One thread with one libcurl multi handle, and how tasks reach it.
///
/// `@unchecked Sendable` is right because of what each property is:
///
/// * `mailbox` and `threadEnd` lock by themselves, and `limits` is a constant value.
/// * `multi` is a constant, and libcurl lets any thread call `curl_multi_wakeup` on it; everything else with it is
///   done by the loop thread. The thread frees it when the mailbox is closed, so that no further waker can appear,
///   and no earlier one is left (`Mailbox.wakers`).
/// * `local` is touched by the loop thread alone, but for `setRunner`, which comes before all jobs.
final class CurlLoop: @unchecked Sendable {
  private let multi: MultiHandle
  private let limits: TransferLimits
  private let mailbox = LoopMailbox()
  private let local = LocalQueue()
  /// When the thread has ended, and everything is freed.
  let threadEnd = ThreadEnd()

  /// Starts the thread.
  init(limits: TransferLimits) throws {
    self.limits = limits
    multi = try MultiHandle(limits: limits)
    do {
      try startThread(self)
    } catch {
      multi.free()
      throw error
    }
  }

  private var address: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()) }

  /// The requests under way and waiting.
  var load: Int { mailbox.withLock { $0.load } }

  /// The most connections to one host.
  var connectionsPerHost: Int { limits.connectionsPerHost }

  /// Whether the calling thread is this loop's.
  var isCurrent: Bool { LoopThread.currentLoop == address }

  // MARK: What tasks ask for

  /// Makes a transfer and suspends until it has come to something, or the task is cancelled: `response(to:)` tells.
  nonisolated(nonsending) func run(_ transfer: Transfer) async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { submit(transfer, $0) }
    } onCancel: {
      cancel(transfer)
    }
  }

  /// What came of a transfer, once `run` has returned; to be asked once.
  ///
  /// Apart from `run`, so that this waits with little memory.
  ///
  /// - Throws: `TransportError`, or `CancellationError` if the task was cancelled.
  @inline(never)
  func response(to transfer: Transfer) throws -> TransportResponse {
    let (head, body) = try headAndBody(of: transfer)
    return TransportResponse(
      status: head.status, headers: TransportHeaders(HeaderBlock(lines: head.lines)), body: body,
      connectionID: head.connectionID, metrics: head.metrics)
  }

  private func headAndBody(of transfer: Transfer) throws -> (ResponseHead, body: [UInt8]) {
    switch mailbox.withLock({ _ in transfer.takeOutcome() }) {
    case .response(let head, let body): return (head, body)
    case .failure(let error): throw error
    case .cancelled: throw CancellationError()
    }
  }

  /// Opens connections: one by a first request, and unless HTTP/2 is spoken on that, the others at the same time.
  func warmUp(
    connections: Int, with transfer: @escaping @Sendable (_ opensConnection: Bool) throws -> Transfer
  ) async throws {
    let first = try transfer(false)
    await run(first)
    guard try headAndBody(of: first).0.speaksHTTP2 != true else { return }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<(connections - 1) {
        group.addTask {
          let transfer = try transfer(true)
          await self.run(transfer)
          _ = try self.response(to: transfer)
        }
      }
      try await group.waitForAll()
    }
  }

  private func cancel(_ transfer: Transfer) {
    let (continuation, mustWake) = mailbox.withLock { $0.cancel(transfer) }
    continuation?.resume()
    if mustWake { wakeUp() }
  }

  private func submit(_ transfer: Transfer, _ continuation: Transfer.Continuation) {
    let isLocal = isCurrent
    switch mailbox.withLock({ $0.submit(transfer, continuation, isLocal: isLocal) }) {
    case .waiting: if isLocal { local.submit(transfer) }
    case .waitingMustWake: wakeUp()
    case .over: continuation.resume()
    }
  }

  /// Has a connection closed, if it is one of this loop's, before another transfer starts.
  func closeConnection(_ id: UInt64) { submit(.closeConnection(id)) }

  /// Has new connections use these certificates.
  func reload(_ material: TLSMaterial) { submit(.reload(material)) }

  /// How the loop's hosts stand; none once it is shut down.
  nonisolated(nonsending) func report() async -> [CurlTransport.Statistics.Host] {
    await withUnsafeContinuation { continuation in
      if !submit(.report(continuation)) { continuation.resume(returning: []) }
    }
  }

  /// - Returns: whether the loop accepts the order.
  @discardableResult
  private func submit(_ order: LoopOrder) -> Bool {
    let receipt = mailbox.withLock { $0.submit(order) }
    if receipt == .acceptedMustWake { wakeUp() }
    return receipt != .refused
  }

  /// Takes a job to be run on the loop thread; false once the loop is shut down.
  func accept(_ job: UnownedJob) -> Bool {
    if isCurrent {
      local.enqueue(job)
      return true
    }
    let receipt = mailbox.withLock { $0.enqueue(job) }
    if receipt == .acceptedMustWake { wakeUp() }
    return receipt != .refused
  }

  private func wakeUp() {
    multi.wakeUp()
    mailbox.withLock { $0.wakeUpDone() }
  }

  // MARK: The end

  /// Accepts nothing more; the thread fails every transfer, closes all connections and ends.
  func close() {
    if mailbox.withLock({ $0.close() }) { wakeUp() }
  }

  /// Accepts no transfer any more; when none is left, and at the latest at a time, the loop closes.
  func drain(until time: MonotonicTime) {
    if mailbox.withLock({ $0.drain(until: time) }) { wakeUp() }
  }

  // MARK: The thread

  /// Has accepted jobs run by this; to be called once, before there are any.
  func setRunner(_ runner: any JobRunner) { local.runner = runner }

  /// The whole life of the loop thread.
  fileprivate func runThread() {
    LoopThread.setCurrentLoop(address)
    var engine = TransferEngine(multi: multi, limits: limits, mailbox: mailbox, local: local)
    engine.run()
    // From here on its tasks are as those of any other thread, and refused.
    LoopThread.setCurrentLoop(nil)
    engine.finish()
    local.runner = nil
    // A waker is between two statements of `wakeUp`: it needs no more than the processor.
    while mailbox.withLock({ $0.wakers > 0 }) { sched_yield() }
    var pipeSignal = PipeSignal()
    pipeSignal.block()
    multi.free()
    pipeSignal.unblock()
  }
}

/// Starts a thread that keeps the loop alive until the loop is shut down. Nobody joins it.
private func startThread(_ loop: CurlLoop) throws(TransportError) {
  // The new thread takes over this reference.
  let context = Unmanaged.passRetained(loop).toOpaque()
  #if canImport(Darwin)
  var thread: pthread_t?
  let code = pthread_create(&thread, nil, { runLoopThread($0) }, context)
  if let thread { pthread_detach(thread) }
  #else
  var thread = pthread_t()
  let code = pthread_create(&thread, nil, { $0.flatMap(runLoopThread) }, context)
  if code == 0 { pthread_detach(thread) }
  #endif
  guard code == 0 else {
    Unmanaged<CurlLoop>.fromOpaque(context).release()
    throw TransportError(
      kind: .other, message: "no thread could be started: \(String(cString: strerror(code)))",
      mayHaveBeenSent: false)
  }
}

private func runLoopThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  runLoop(context).announce()
  return nil
}

/// Runs the loop, and releases the thread's reference to it before the end of the thread is announced.
@inline(never)
private func runLoop(_ context: UnsafeMutableRawPointer) -> ThreadEnd {
  let loop = Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue()
  loop.runThread()
  return loop.threadEnd
}
