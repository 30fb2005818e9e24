public import PlystraCore

extension InMemoryKernel: HTTPTransport {
  /// The address that requests made in this process seem to come from.
  private static let ownAddress = "127.0.0.1"

  /// Answers a request at once, whatever host its URL names.
  ///
  /// - Throws: `CancellationError` when the task was cancelled; `TransportError` of kind `timeout` when the
  ///   request leaves no time at all, `responseTooLarge` when the answer exceeds what it accepts, and `other` when
  ///   its URL is not one of `http` or `https`; and what ``fail(next:of:with:)`` has planned.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    try Task.checkCancellation()
    guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      throw TransportError(
        kind: .other, message: "the URL does not begin with http:// or https://", mayHaveBeenSent: false)
    }
    guard request.timeout > .zero else {
      throw TransportError(kind: .timeout, message: "the request leaves no time", mayHaveBeenSent: false)
    }
    let response = try answer(request, remoteAddress: Self.ownAddress)
    try Task.checkCancellation()
    guard response.body.count <= request.maximumResponseBytes else {
      throw TransportError(
        kind: .responseTooLarge,
        message: "the answer has \(response.body.count) bytes, more than \(request.maximumResponseBytes)",
        mayHaveBeenSent: true)
    }
    return response
  }
}
