#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keeps SIGPIPE from the process while libcurl works: a TLS library may write to a connection that its peer has closed.
///
/// No other signal is blocked, and SIGPIPE only inside libcurl: threads inherit the mask of the thread that starts them,
/// and a crash is reported only where its signal is not blocked. Confined to the loop thread.
struct PipeSignal: ~Copyable {
  private var former = sigset_t()
  private var isBlocked = false

  /// Blocks the signal.
  mutating func block() {
    guard !isBlocked else { return }
    var signals = Self.alone
    isBlocked = pthread_sigmask(SIG_BLOCK, &signals, &former) == 0
  }

  /// Discards the signal if it was raised, and blocks what was blocked before.
  mutating func unblock() {
    guard isBlocked else { return }
    isBlocked = false
    if sigismember(&former, SIGPIPE) == 0 { Self.discard() }
    pthread_sigmask(SIG_SETMASK, &former, nil)
  }

  private static var alone: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    return signals
  }

  private static func discard() {
    var signals = alone
    #if canImport(Darwin)
    // libcurl has its sockets raise none here; this is for what it does not know of.
    var (pending, number) = (sigset_t(), Int32(0))
    if sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1 { sigwait(&signals, &number) }
    #else
    var atOnce = timespec()
    while sigtimedwait(&signals, nil, &atOnce) == -1 && errno == EINTR {}
    #endif
  }
}
