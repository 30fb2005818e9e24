import CLibcurl
import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The one thread that makes all transfers of a transport, and how tasks reach it.
///
/// `@unchecked Sendable` is right because of what each property is:
///
/// * `mailbox` locks for itself, and `limits` is a constant value.
/// * `multi` is a constant, and libcurl lets any thread call `curl_multi_wakeup` on it; everything else with it is
///   done by the loop thread. The thread frees it when the mailbox is closed, so that no further waker can appear,
///   and no earlier one is left (`Mailbox.wakers`).
/// * `thread` is written in `init` alone, before anybody but the new thread has a reference, and the new thread
///   reads it only when it is asked to shut down, which takes a reference from after `init`.
final class CurlLoop: @unchecked Sendable {
  private let multi: MultiHandle
  private let limits: TransferLimits
  private let mailbox = Locked(Mailbox())
  private var thread: pthread_t?

  /// Starts the thread.
  init(limits: TransferLimits) throws {
    self.limits = limits
    multi = try MultiHandle(limits: limits)
    thread = nil
    do {
      thread = try startThread(self)
    } catch {
      multi.free()
      throw error
    }
  }

  /// Makes a transfer and suspends until it has come to something, or the task is cancelled.
  func run(_ transfer: Transfer) async -> Transfer.Outcome {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        guard transfer.begin(continuation) else { return }
        submit(transfer)
      }
    } onCancel: {
      guard let slot = transfer.cancel() else { return }
      if mailbox.withLock({ $0.cancel(transfer, slot: slot) }) { wakeUp() }
    }
  }

  private func submit(_ transfer: Transfer) {
    switch mailbox.withLock({ $0.submit(transfer) }) {
    case .accepted: break
    case .acceptedMustWake: wakeUp()
    case .refused: transfer.deliver(.failure(.shutDown(mayHaveBeenSent: false)))
    }
  }

  /// Fails every transfer, closes all connections and waits for the thread to end.
  ///
  /// Only the first call has work to do; the others return at once. Called on the loop thread itself (where the last
  /// reference to a transport may be dropped) it lets the thread end by itself.
  func shutDown() {
    let (isFirst, mustWake) = mailbox.withLock { mailbox in (!mailbox.isClosed, mailbox.close()) }
    if mustWake { wakeUp() }
    guard isFirst, let thread else { return }
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  private func wakeUp() {
    multi.wakeUp()
    mailbox.withLock { $0.wakeUpDone() }
  }

  /// The whole life of the loop thread.
  fileprivate func runThread() {
    let engine = TransferEngine(multi: multi, limits: limits)
    engine.run(mailbox)
    // A waker is between two statements of `wakeUp`: it needs no more than the processor.
    while mailbox.withLock({ $0.wakers > 0 }) { sched_yield() }
    multi.free()
  }
}

/// Starts a thread that keeps the loop alive until the loop is shut down.
private func startThread(_ loop: CurlLoop) throws(TransportError) -> pthread_t {
  // The new thread takes over this reference.
  let context = Unmanaged.passRetained(loop).toOpaque()
  #if canImport(Darwin)
  var thread: pthread_t?
  let code = pthread_create(&thread, nil, { runLoopThread($0) }, context)
  #else
  var started = pthread_t()
  let code = pthread_create(&started, nil, { $0.flatMap(runLoopThread) }, context)
  let thread: pthread_t? = started
  #endif
  guard code == 0, let thread else {
    Unmanaged<CurlLoop>.fromOpaque(context).release()
    throw TransportError(
      kind: .other, message: "no thread could be started: \(String(cString: strerror(code)))",
      mayHaveBeenSent: false)
  }
  return thread
}

private func runLoopThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  // Signals are for the application's own threads; a broken TLS connection may raise SIGPIPE here.
  var signals = sigset_t()
  sigfillset(&signals)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().runThread()
  return nil
}
