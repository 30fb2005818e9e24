#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// SIGTERM and SIGINT, held back from the moment this is made on until somebody waits for them.
///
/// It must be made before the program has a second thread: threads inherit what is held back from the one that
/// starts them, and a single thread that does not hold a signal back lets it end the program. None is lost between
/// making this and waiting, as it could be with a handler or a dispatch source, which take time to be in place.
struct StopSignals {
  private var signals = sigset_t()

  init() {
    sigemptyset(&signals)
    for number in [SIGTERM, SIGINT] {
      // A shell starts its background jobs with SIGINT ignored.
      signal(number, SIG_DFL)
      sigaddset(&signals, number)
    }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Blocks until one of them has arrived.
  func wait() {
    var signals = signals
    var number: Int32 = 0
    // An error here can only mean that the wait was interrupted.
    while sigwait(&signals, &number) != 0 {}
  }
}
