import PlystraCore

/// A request as the kernel's handlers see it.
struct KernelRequest: Sendable {
  let method: String
  let target: RequestTarget
  let body: [UInt8]
  /// The value of `X-Plystra-API-Key`, nil if absent or blank.
  let apiKey: Secret?
  /// The token of `Authorization: Bearer`, nil if absent or blank.
  let accessToken: Secret?
  let userAgent: String
  let remoteAddress: String
  /// The id that the client gave, or one of the kernel's own.
  let requestID: String

  /// Reads what a client sent; `ownRequestID` makes an id where the client gave none that is accepted.
  init(_ request: TransportRequest, remoteAddress: String, ownRequestID: () -> String) {
    method = request.method
    target = RequestTarget(url: request.url)
    body = request.body ?? []
    apiKey = request.headers["X-Plystra-API-Key"]?.nonBlank.map(Secret.init)
    accessToken = request.headers["Authorization"].flatMap(Self.bearerToken)
    userAgent = request.headers["User-Agent"] ?? ""
    self.remoteAddress = remoteAddress
    requestID =
      request.headers["X-Request-ID"]?.nonBlank.flatMap { Self.isRequestID($0) ? $0 : nil }
      ?? ownRequestID()
  }

  /// The token behind `Bearer`, whose case does not matter (RFC 9110 §11.1).
  private static func bearerToken(in value: String) -> Secret? {
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1]).nonBlank.map(Secret.init)
  }

  /// Whether the service accepts a text as a request id (contract §6).
  static func isRequestID(_ text: String) -> Bool {
    let refused = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")]
    return (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { (33...126).contains($0) && !refused.contains($0) }
  }
}
