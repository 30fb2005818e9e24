import PlystraCore

/// What a ``MockTransport`` and the code under test do not agree about.
public struct MockProblem: Sendable, Hashable, CustomStringConvertible {
  /// The kind of a problem: an open set.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { OneLine.text(rawValue) }

    /// A rule was asked less often than it should be.
    public static let neverAsked = Kind(rawValue: "neverAsked")
    /// A rule was begun and given no answer.
    public static let noAnswer = Kind(rawValue: "noAnswer")
    /// A rule was given answers more than once.
    public static let rewritten = Kind(rawValue: "rewritten")
    /// A request came for which there was no answer.
    public static let unexpected = Kind(rawValue: "unexpected")
  }

  /// What sort of problem it is.
  public let kind: Kind
  /// The problem in words, with what to do about it, on one line.
  public let description: String

  init(kind: Kind, description: String) {
    self.kind = kind
    self.description = OneLine.text(description, atMost: .max)
  }
}

/// All that ``MockTransport/verify()`` found wrong.
public struct MockFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems, unexpected requests first.
  public let problems: [MockProblem]

  /// The problems in words, one a line.
  public var description: String {
    "the mock found \(problems.count) problem\(problems.count == 1 ? "" : "s"):"
      + problems.map { "\n- \($0)" }.joined()
  }
}
