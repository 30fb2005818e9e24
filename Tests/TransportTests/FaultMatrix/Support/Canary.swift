import PlystraCore
import Testing

/// Credentials that stand out wherever they show.
enum Canary {
  static let apiKey = "ply_ak_canary.key"
  static let accessToken = "ply_at_canary"
  static let refreshToken = "ply_rt_canary"
  static let password = "a canary's password"

  /// A text in which a server gives every one of them away.
  static let echo = "\(apiKey) \(accessToken) \(refreshToken)"

  /// Fails the test if any way of printing a value shows a credential.
  static func expectHidden(in value: Any, sourceLocation: SourceLocation = #_sourceLocation) {
    for text in printings(of: value) {
      #expect(!text.contains("canary"), "a credential shows", sourceLocation: sourceLocation)
    }
  }

  private static func printings(of value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var texts = ["\(value)", String(reflecting: value), dumped]
    if let error = value as? PlystraError {
      texts += [error.message, error.details.map { String(reflecting: $0) } ?? ""]
      if let cause = error.underlyingError { texts += printings(of: cause) }
    }
    return texts
  }
}
