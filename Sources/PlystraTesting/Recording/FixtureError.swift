import PlystraCore

/// Why a recording cannot be replayed.
public struct FixtureError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path of the file, as it was given.
  public let path: String
  /// The number of the entry that is wrong, from 1; nil if it is none in particular.
  public let entry: Int?
  /// The field that is wrong, such as `response.status`; nil if it is none in particular.
  public let field: String?
  /// What is wrong and what to do, in words.
  public let reason: String

  /// All of it on one line, such as `session.har: entry 3: response.status: expected a number, found a string`.
  public var description: String {
    let place = [path.isEmpty ? "an empty path" : path, entry.map { "entry \($0)" }, field]
    return (place + [reason]).compactMap { $0.map { OneLine.text($0) } }.joined(separator: ": ")
  }
}
