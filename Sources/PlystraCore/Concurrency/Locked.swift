#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A value behind a mutex: the one place where this package shares mutable state between tasks and threads.
///
/// Copies share the value. A pthread mutex rather than `Synchronization.Mutex`, which would ask for macOS 15.
///
/// `@unchecked Sendable` is right because the value is touched only inside `withLock`, which holds the mutex, and
/// because `Value` is `Sendable`, so what a closure returns may leave the lock.
package struct Locked<Value: Sendable>: @unchecked Sendable {
  /// One object for both: the value, and behind it the mutex, which must keep one address.
  private let storage: ManagedBuffer<Value, pthread_mutex_t>

  package init(_ value: Value) {
    storage = MutexStorage<Value>.create(minimumCapacity: 1) { _ in value }
    storage.withUnsafeMutablePointerToElements { makeMutex(at: $0) }
  }

  /// Runs `body` with exclusive access to the value. `body` must not block, and must not call into code that
  /// could take this lock again.
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Valid as long as the storage, which outlives this function.
    let (value, mutex) = storage.withUnsafeMutablePointers { ($0, $1) }
    pthread_mutex_lock(mutex)
    defer { withExtendedLifetime(storage) { _ = pthread_mutex_unlock(mutex) } }
    return try body(&value.pointee)
  }
}

/// A mutex alone, for the innermost type of a transport, which guards its own properties by it: `Locked` is generic,
/// and called from another module it costs several times what the mutex does.
///
/// `@unchecked Sendable` is right because `storage` is a constant, and the mutex in it is made for any thread.
package struct Mutex: @unchecked Sendable {
  private let storage: ManagedBuffer<Void, pthread_mutex_t>

  package init() {
    storage = MutexStorage<Void>.create(minimumCapacity: 1) { _ in }
    storage.withUnsafeMutablePointerToElements { makeMutex(at: $0) }
  }

  package func lock() { _ = storage.withUnsafeMutablePointerToElements { pthread_mutex_lock($0) } }

  package func unlock() { _ = storage.withUnsafeMutablePointerToElements { pthread_mutex_unlock($0) } }
}

private func makeMutex(at address: UnsafeMutablePointer<pthread_mutex_t>) {
  address.initialize(to: pthread_mutex_t())
  pthread_mutex_init(address, nil)
}

/// Ends the mutex with its object.
private final class MutexStorage<Value>: ManagedBuffer<Value, pthread_mutex_t> {
  deinit {
    withUnsafeMutablePointerToElements { mutex in
      pthread_mutex_destroy(mutex)
      mutex.deinitialize(count: 1)
    }
  }
}

extension Locked: CustomStringConvertible, CustomReflectable {
  package var description: String { "Locked(…)" }
  /// Hides the value: what is shared may hold credentials, and reading it here would bypass the lock.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
