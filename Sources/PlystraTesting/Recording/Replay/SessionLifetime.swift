import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Moves the end of a recorded session to where it is as far away as it was then.
///
/// A client looks at the clock before it uses a token: the tokens of an old recording would all have ended.
enum SessionLifetime {
  private static let operations: Set<ServiceOperation> = [.authLogin, .authRefresh, .authRegister]
  private static let fields = ["expires_at", "refresh_expires_at"]

  /// A recorded answer as it would be now.
  ///
  /// - Parameter age: how long ago it was recorded, in seconds.
  static func renewed(
    _ response: TransportResponse, to operation: ServiceOperation?, age: TimeInterval
  ) -> TransportResponse {
    guard let operation, operations.contains(operation), response.status < 300,
      var envelope = try? JSONValue(parsing: response.body).objectValue,
      var data = envelope["data"]?.objectValue
    else { return response }
    for field in fields {
      guard let text = data[field]?.stringValue, let end = Timestamp.date(from: text) else { continue }
      data[field] = .string(Timestamp.text(of: end.addingTimeInterval(age.rounded())))
    }
    envelope["data"] = .object(data)
    var response = response
    response.body = JSONValue.object(envelope).serialized()
    if response.headers["Content-Length"] != nil {
      response.headers["Content-Length"] = String(response.body.count)
    }
    return response
  }
}
