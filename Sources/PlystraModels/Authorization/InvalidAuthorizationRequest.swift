/// Why an ``AuthorizationRequest`` must not be sent: the service would refuse it with status 400, or take a blank text
/// for an absent one (contract §3 and §4).
public struct InvalidAuthorizationRequest: Error, Sendable, Hashable {
  /// The keys and indexes that lead to the field, by their names on the wire, such as `grants[2].scope`.
  public let path: String
  /// What is wrong with it, and what to do. It quotes no value.
  public let reason: String

  package init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }
}

extension InvalidAuthorizationRequest: CustomStringConvertible {
  /// Path and reason on one line.
  public var description: String { "\(OneLine.text(path)): \(OneLine.text(reason))" }
}
