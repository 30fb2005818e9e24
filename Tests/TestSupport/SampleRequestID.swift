package import PlystraCore

extension TransportResponse {
  /// The request id that the sample bodies name.
  package static let sampleRequestID = "req_01hzyj6b6q8"

  /// The response with a request's id wherever it names that of the sample bodies: the service repeats what it is sent.
  package func repeatingID(of headers: TransportHeaders) -> TransportResponse {
    guard let id = headers["X-Request-ID"], id != Self.sampleRequestID else { return self }
    var response = self
    response.body.replace(Array(Self.sampleRequestID.utf8), with: Array(id.utf8))
    return response
  }
}
