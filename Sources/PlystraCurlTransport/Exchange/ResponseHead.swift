/// Status and header lines of an answer, as the loop thread hands them over.
struct ResponseHead: Sendable {
  let status: Int
  /// The header fields as they came, each with its line end.
  let lines: [UInt8]
  /// The number of the connection that it came over, if that is known.
  var connectionID: UInt64?
}
