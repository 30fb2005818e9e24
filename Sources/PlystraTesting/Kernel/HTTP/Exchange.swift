import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request being answered: what came in, and the moment and the randomness that the answer may use.
///
/// Each route is a method of it, in the file of what the route is about.
struct Exchange: Sendable {
  let request: KernelRequest
  /// What stands in the path where the route has a variable; `""` if it has none.
  let pathArgument: String
  /// The body as the route's schema read it, or why it could not; `{}` for routes without a body.
  let parsedBody: Result<JSONObject, KernelFailure>
  let now: Date
  let randomHex: @Sendable (Int) -> String

  /// The body, once the credential has been found good.
  func body() throws(KernelFailure) -> JSONObject { try parsedBody.get() }

  /// The current moment as answers show moments: cut to the second.
  static func wholeSeconds(_ date: Date) -> JSONValue {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    return .string(Timestamp.text(of: Date(timeIntervalSince1970: seconds)))
  }
}
