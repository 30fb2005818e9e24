#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A value behind a mutex: the one place where this package shares mutable state between tasks and threads.
///
/// A pthread mutex rather than `Synchronization.Mutex`, which would ask for macOS 15.
///
/// `@unchecked Sendable` is right because `value` is touched only inside `withLock`, which holds the mutex, and
/// because `Value` is `Sendable`, so what a closure returns may leave the lock.
package final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  /// Heap memory of its own: a mutex must keep one address, which a stored property does not promise.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deinitialize(count: 1)
    mutex.deallocate()
  }

  /// Runs `body` with exclusive access to the value. `body` must not block, and must not call into code that
  /// could take this lock again.
  @inline(__always)
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}

extension Locked: CustomStringConvertible, CustomReflectable {
  package var description: String { "Locked(…)" }
  /// Hides the value: what is shared may hold credentials, and reading it here would bypass the lock.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
