import PlystraCore

/// Why a seed cannot be used: where, and what was expected there.
public struct KernelSeedError: Error, Sendable, Hashable {
  /// The keys and indexes that lead to the fault, such as `api_keys[0].level`; empty for the file as a whole.
  public let path: String
  /// What is wrong and what to write instead; it never quotes a credential.
  public let reason: String
  /// The line of the seed file, counted from 1, on which the value begins, or what it is missing from; nil for a seed
  /// that is no file.
  public let line: Int?

  init(path: String, reason: String, line: Int? = nil) {
    self.path = path
    self.reason = reason
    self.line = line
  }
}

extension KernelSeedError: CustomStringConvertible {
  /// Path, reason and line number on one line.
  public var description: String {
    let place = path.isEmpty ? "" : "\(OneLine.text(path)): "
    return place + OneLine.text(reason) + (line.map { " (line \($0))" } ?? "")
  }
}
