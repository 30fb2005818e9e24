/// Why a server refuses a request before any handler sees it. The connection cannot be used after it.
struct RequestRejection: Error, Equatable {
  /// The status to answer with: 400, 408, 413, 417, 431, 501 or 505.
  let status: Int
  /// The reason in words; never bytes of the request, which may hold credentials.
  let reason: String

  static func malformed(_ reason: String) -> RequestRejection {
    RequestRejection(status: 400, reason: reason)
  }
}
