import Dispatch

/// Runs a block once when a time has passed on the monotonic clock, unless it is cancelled before.
///
/// `@unchecked Sendable` is right because `timer` is set up in `init` alone and only ever cancelled
/// afterwards, which libdispatch allows from any thread.
final class Deadline: @unchecked Sendable {
  private let timer: any DispatchSourceTimer

  /// A queue of their own, so that nothing that URLSession does can hold deadlines up.
  private static let queue = DispatchQueue(label: "plystra.urlsession.deadlines")

  init(after duration: Duration, block: @escaping @Sendable () -> Void) {
    timer = DispatchSource.makeTimerSource(queue: Self.queue)
    timer.schedule(deadline: .now() + DispatchTimeInterval(clamping: duration))
    timer.setEventHandler(handler: block)
    timer.activate()
  }

  deinit { timer.cancel() }

  /// Runs the block no more, unless it runs already.
  func cancel() { timer.cancel() }
}

extension DispatchTimeInterval {
  /// A duration in nanoseconds, cut to 0…1 year, which is as good as never and far from overflow.
  fileprivate init(clamping duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let limit: Int64 = 365 * 24 * 3600
    if seconds < 0 || attoseconds < 0 {
      self = .nanoseconds(0)
    } else if seconds >= limit {
      self = .seconds(Int(limit))
    } else {
      self = .nanoseconds(Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
  }
}
