/// How many retries a client and all its copies may still make: a retry costs one token, a success gives back a tenth.
///
/// Against a service that is down, a client with many callers so makes little more than one attempt a call, and it
/// recovers by itself as soon as calls succeed.
final class RetryBudget: Sendable {
  /// What a success gives back. Tenths of a token are counted, so that no rounding adds up.
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

  /// Gives back a tenth of a token.
  func refill() {
    tenths.withLock { $0 = min($0 + 1, capacity) }
  }
}
