/// Why a response with data was refused: it belongs to another request, as when a connection is out of step.
///
/// It is the ``PlystraError/underlyingError`` of an error of kind `decoding`. The connection that it came over is closed,
/// and a call that may be replayed is tried once more, on a connection of its own.
public struct ForeignResponse: Error, Sendable, Hashable {
  /// The request id that the call sent (contract §6).
  public let sentRequestID: String
  /// The request id that the response names; nil if it names none.
  public let receivedRequestID: String?
  /// The field of the decision's audit record that differs from the request, such as `resource_id`; nil where the
  /// request ids differ.
  public let mismatchedField: String?

  /// Makes an error from its parts.
  public init(sentRequestID: String, receivedRequestID: String?, mismatchedField: String? = nil) {
    self.sentRequestID = sentRequestID
    self.receivedRequestID = receivedRequestID
    self.mismatchedField = mismatchedField
  }
}

extension ForeignResponse: CustomStringConvertible {
  /// What differs, and what to do about it, on one line.
  public var description: String {
    if let mismatchedField {
      return "the response belongs to another request: its audit record has another \(mismatchedField)"
    }
    let received = receivedRequestID.map { "names request id \(OneLine.text($0))" } ?? "names no request id"
    return
      "the response belongs to another request: it \(received), \(sentRequestID) was sent; if a proxy or the "
      + "service uses ids of its own, set answersRequestIDs to .any, or requestIDHeader to the header that it reads"
  }
}
