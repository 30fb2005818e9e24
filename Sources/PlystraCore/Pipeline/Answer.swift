/// An answer that was read.
struct Answer<Value: WireValue>: Sendable {
  let data: Value
  let facts: AnswerFacts
}

/// What an answer says beside its data.
struct AnswerFacts: Sendable {
  var status = 0
  var headers = TransportHeaders()
  var pagination: Pagination?
  var requestID = ""
  /// How many times the request was attempted.
  var attempts = 0

  /// An error of an answer whose data says something else than it should.
  func refusal(
    operation: String, message: String, underlyingError: (any Error)? = nil, mask: SecretMask
  ) -> PlystraError {
    PlystraError(
      kind: .decoding, operation: operation, message: message, status: status,
      requestID: mask.masked(requestID), attempts: attempts, underlyingError: underlyingError)
  }
}
