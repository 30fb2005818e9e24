extension PlystraClient {
  /// Which failures are tried again, and when.
  ///
  /// Reads and decisions are tried again when no response arrived or the status is 429, 500, 502, 503 or 504; everything
  /// else only when nothing can have been sent. Between attempts a client waits a random part of a delay that doubles,
  /// or as long as the service asks by `Retry-After`.
  public struct RetryPolicy: Sendable, Hashable {
    /// The most attempts of one call, the first included: 1…10.
    public var maximumAttempts: Int
    /// The longest wait before the second attempt; it doubles with every further one. 0 or more.
    public var initialDelay: Duration
    /// The longest wait before any attempt. 0 or more.
    public var maximumDelay: Duration

    /// Makes a policy: 3 attempts, waits of up to 100 ms at first and 2 s at most, by default.
    public init(
      maximumAttempts: Int = 3, initialDelay: Duration = .milliseconds(100),
      maximumDelay: Duration = .seconds(2)
    ) {
      self.maximumAttempts = maximumAttempts
      self.initialDelay = initialDelay
      self.maximumDelay = maximumDelay
    }

    /// Three attempts.
    public static let standard = RetryPolicy()
    /// One attempt.
    public static let never = RetryPolicy(maximumAttempts: 1)

    /// Longer delays than some 68 years are cut to that, so that doubling overflows nothing.
    private static let longestDelay = Duration.seconds(Int64(Int32.max))

    /// - Throws: ``PlystraError`` of kind `configuration`.
    func validate() throws {
      guard (1...10).contains(maximumAttempts) else {
        throw PlystraError.configuration("retryPolicy.maximumAttempts", "must be from 1 to 10")
      }
      guard initialDelay >= .zero else {
        throw PlystraError.configuration("retryPolicy.initialDelay", "must not be negative")
      }
      guard maximumDelay >= .zero else {
        throw PlystraError.configuration("retryPolicy.maximumDelay", "must not be negative")
      }
    }

    /// The longest backoff after an attempt, counted from 1.
    func longestBackoff(afterAttempt attempt: Int) -> Duration {
      let limit = min(maximumDelay, Self.longestDelay)
      var backoff = min(initialDelay, limit)
      for _ in 0..<(attempt - 1) where backoff < limit { backoff = min(backoff * 2, limit) }
      return backoff
    }
  }
}

/// How many retries a client and all its copies may still make: a retry costs one token, a success returns a tenth.
///
/// While a service is down, a client with many callers therefore makes little more than one attempt a call, and it
/// recovers by itself as soon as calls succeed.
final class RetryBudget: Sendable {
  /// What a retry costs. Tenths of a token are counted, so that no rounding adds up.
  private static let cost = 10

  private let tenths: Locked<Int>
  private let capacity: Int

  /// A full budget.
  init(tokens: Int) {
    capacity = tokens * Self.cost
    tenths = Locked(capacity)
  }

  /// Takes one token, if there is one.
  func take() -> Bool {
    tenths.withLock { tenths in
      guard tenths >= Self.cost else { return false }
      tenths -= Self.cost
      return true
    }
  }

  /// Returns a tenth of a token.
  func refill() {
    tenths.withLock { $0 = min($0 + 1, capacity) }
  }
}
