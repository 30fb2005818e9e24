import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A wall clock for kernels that stands still until a test moves it.
///
/// Tokens, bindings and login locks expire by it, and audit rows are dated by it:
///
/// ```swift
/// let clock = KernelClock()
/// let kernel = InMemoryKernel(clock: clock)
/// // … log in …
/// clock.advance(by: .seconds(15 * 60))  // every access token made so far is dead
/// ```
///
/// A client has a clock of its own: one that keeps a session alive refreshes it when the client's clock says so, and
/// otherwise when the kernel refuses the token.
public final class KernelClock: Sendable {
  private let moment: Locked<Date>

  /// Makes a clock that shows a moment, by default the current one.
  ///
  /// Give a fixed moment where answers are compared with stored ones.
  public init(_ start: Date = Date()) { moment = Locked(start) }

  /// The moment that the clock shows; it may be set to any other, earlier ones too.
  public var now: Date {
    get { moment.withLock { $0 } }
    set { moment.withLock { $0 = newValue } }
  }

  /// Moves the clock forward; a negative duration moves it back.
  public func advance(by duration: Duration) {
    let parts = duration.components
    moment.withLock { $0 += Double(parts.seconds) + Double(parts.attoseconds) * 1e-18 }
  }
}
