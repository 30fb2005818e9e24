#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Which loop the calling thread belongs to.
enum LoopThread {
  /// Made once for the process.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The address of the loop whose thread this is, to be compared and never followed; nil on any other thread.
  static var currentLoop: UnsafeRawPointer? { pthread_getspecific(key).map { UnsafeRawPointer($0) } }

  /// Lets threads that are ready to run, such as those of tasks just resumed, run before the calling one.
  static func yield() { sched_yield() }

  /// Says which loop the calling thread belongs to.
  static func setCurrentLoop(_ loop: UnsafeRawPointer?) { pthread_setspecific(key, loop) }
}
