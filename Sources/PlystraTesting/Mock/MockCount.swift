/// How many requests a rule of a ``MockTransport`` answers: an integer literal is exactly so many.
public struct MockCount: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The fewest that satisfy ``MockTransport/verify()``.
  public let minimum: Int
  /// The most that are answered; nil is any number.
  public let maximum: Int?

  private init(minimum: Int, maximum: Int?) {
    self.minimum = max(minimum, 0)
    self.maximum = maximum.map { max($0, 0) }
  }

  /// Any number, or none.
  public static let any = MockCount(minimum: 0, maximum: nil)
  /// So many or more.
  public static func atLeast(_ count: Int) -> MockCount { MockCount(minimum: count, maximum: nil) }
  /// So many or fewer.
  public static func atMost(_ count: Int) -> MockCount { MockCount(minimum: 0, maximum: count) }
  /// Exactly so many.
  public static func exactly(_ count: Int) -> MockCount { MockCount(minimum: count, maximum: count) }

  /// Exactly so many.
  public init(integerLiteral value: Int) { self.init(minimum: value, maximum: value) }

  /// The count in words, such as `at least 1`.
  public var description: String {
    switch (minimum, maximum) {
    case (0, nil): "any number"
    case (_, nil): "at least \(minimum)"
    case (0, let maximum?): "at most \(maximum)"
    case (_, let maximum?): "exactly \(maximum)"
    }
  }
}
