import PlystraCore

/// Why a recording cannot be made.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path of the file, as it was given.
  public let path: String
  /// What is wrong and what to do, in words.
  public let reason: String

  /// Path and reason on one line.
  public var description: String {
    "cannot record to \(path.isEmpty ? "an empty path" : OneLine.text(path)): \(OneLine.text(reason))"
  }
}
