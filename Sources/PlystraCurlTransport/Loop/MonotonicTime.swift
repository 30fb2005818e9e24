#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A point of the system's monotonic clock, which no change of the wall clock moves.
struct MonotonicTime: Sendable, Comparable {
  /// Nanoseconds since some instant before the process started.
  let nanoseconds: UInt64

  static let distantFuture = MonotonicTime(nanoseconds: .max)

  static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  static func < (lhs: MonotonicTime, rhs: MonotonicTime) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  /// The point that lies `duration` ahead; a century or more ahead is `distantFuture`, negative is now.
  func advanced(by duration: Duration) -> MonotonicTime {
    // Compared before it is taken apart: the parts of the longest durations overflow.
    guard duration < .seconds(3_155_760_000) else { return .distantFuture }
    guard duration > .zero else { return self }
    let (seconds, attoseconds) = duration.components
    let ahead = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    return MonotonicTime(nanoseconds: nanoseconds + ahead)
  }

  /// As `advanced(by:)`, for few seconds, at the cost of an addition.
  func advanced(bySeconds seconds: Int) -> MonotonicTime {
    MonotonicTime(nanoseconds: nanoseconds + UInt64(seconds) * 1_000_000_000)
  }

  /// The time from here to `later`; zero if it is not later.
  func duration(until later: MonotonicTime) -> Duration {
    later > self ? .nanoseconds(Int64(clamping: later.nanoseconds - nanoseconds)) : .zero
  }

  /// Whole milliseconds from here to `later`, rounded up and within what libcurl takes; 0 if it is not later.
  func milliseconds(until later: MonotonicTime) -> Int32 {
    guard later > self else { return 0 }
    return Int32(clamping: (later.nanoseconds - nanoseconds - 1) / 1_000_000 + 1)
  }
}

extension MonotonicTime {
  /// Blocks the calling thread; for when libcurl itself cannot wait.
  static func pauseThread(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}

extension Duration {
  /// Whole milliseconds, rounded up and within what libcurl takes; 0 if there are none.
  var millisecondsForLibcurl: Int32 {
    MonotonicTime(nanoseconds: 0).milliseconds(until: MonotonicTime(nanoseconds: 0).advanced(by: self))
  }
}
