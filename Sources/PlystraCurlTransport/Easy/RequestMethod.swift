import PlystraCore

/// A request's method by what libcurl has to be told for it.
enum RequestMethod: Equatable {
  /// Sent without a body; the response may have one.
  case get(String)
  /// Neither has a body.
  case head
  /// Sent with a body, which may be empty, and its length.
  case post(String)

  /// Methods that give a body a meaning (RFC 9110 §8.6): a server may insist on a length even if there is none.
  private static let announceBody: Set = ["POST", "PUT", "PATCH"]

  init(_ method: String, hasBody: Bool) {
    if method == "HEAD" {
      self = .head
    } else if hasBody || Self.announceBody.contains(method) {
      self = .post(method)
    } else {
      self = .get(method)
    }
  }

  var sendsBody: Bool {
    if case .post = self { return true }
    return false
  }
}
