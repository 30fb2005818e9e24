import PlystraCore

/// A mailbox that any thread may use.
///
/// `@unchecked Sendable` is right because `mailbox` is touched with `mutex` held alone.
final class LoopMailbox: @unchecked Sendable {
  private let mutex = Mutex()
  private var mailbox = Mailbox()

  /// Runs `body`, which must not block, with exclusive access to the mailbox.
  func withLock<Result>(_ body: (inout Mailbox) -> Result) -> Result {
    mutex.lock()
    defer { mutex.unlock() }
    return body(&mailbox)
  }
}
