/// Why a seed file cannot be used: where, and what was expected there.
public struct KernelSeedError: Error, Sendable, Hashable {
  /// The keys and indexes that lead to the fault, such as `api_keys[0].level`; empty for the file as a whole.
  public let path: String
  /// What is wrong and what to write instead; it never quotes a credential.
  public let reason: String
}

extension KernelSeedError: CustomStringConvertible {
  /// Path and reason on one line.
  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
