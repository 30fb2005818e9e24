/// An answer that was read.
struct Answer<Value: WireValue>: Sendable {
  let data: Value
  let status: Int
  let headers: HTTPHeaders
  let pagination: Pagination?
  let requestID: String
  /// How many times the request was attempted.
  let attempts: Int

  /// An error of an answer whose data says something else than it should.
  func refusal(
    operation: String, message: String, underlyingError: (any Error)? = nil, mask: SecretMask
  ) -> PlystraError {
    PlystraError(
      kind: .decoding, operation: operation, message: message, status: status,
      requestID: mask.masked(requestID), attempts: attempts, underlyingError: underlyingError)
  }
}
