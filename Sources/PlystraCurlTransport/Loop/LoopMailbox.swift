import PlystraCore

/// A mailbox that any thread may use.
///
/// `@unchecked Sendable` is right because what `mailbox` points to is touched with `mutex` held alone.
final class LoopMailbox: @unchecked Sendable {
  private let mutex = Mutex()
  /// Memory of this object's own, so that no access to it need be checked at run time: the mutex keeps them apart.
  private let mailbox: UnsafeMutablePointer<Mailbox>

  init() {
    mailbox = .allocate(capacity: 1)
    mailbox.initialize(to: Mailbox())
  }

  deinit {
    mailbox.deinitialize(count: 1)
    mailbox.deallocate()
  }

  /// Runs `body`, which must not block, with exclusive access to the mailbox.
  func withLock<Result>(_ body: (inout Mailbox) -> Result) -> Result {
    mutex.lock()
    defer { mutex.unlock() }
    return body(&mailbox.pointee)
  }
}
