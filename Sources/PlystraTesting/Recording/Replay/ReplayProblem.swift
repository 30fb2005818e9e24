import PlystraCore

/// What a ``FixtureTransport`` and the code under test do not agree about.
public struct ReplayProblem: Sendable, Hashable, CustomStringConvertible {
  /// The kind of a problem: an open set.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the kind.
    public let rawValue: String
    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the kind.
    public var description: String { OneLine.text(rawValue) }

    /// A recorded exchange was never asked for.
    public static let neverReplayed = Kind(rawValue: "neverReplayed")
    /// A request came that was not recorded.
    public static let notRecorded = Kind(rawValue: "notRecorded")
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

/// All that ``FixtureTransport/verify()`` found wrong.
public struct ReplayFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path of the recording.
  public let path: String
  /// The problems: requests that were not recorded first.
  public let problems: [ReplayProblem]

  /// The problems in words, one a line.
  public var description: String {
    "the replay of \(OneLine.text(path)) found \(problems.count) problem\(problems.count == 1 ? "" : "s"):"
      + problems.map { "\n- \($0)" }.joined()
  }
}
