package import PlystraModels

/// A 2xx answer as the client reads it: its data, or nil where it holds an error instead.
package struct Envelope<Value: WireValue>: Sendable {
  package var data: Value?
  private var facts = EnvelopeFacts()

  package var requestID: String? { facts.requestID }
  package var pagination: Pagination? { facts.pagination }

  /// - Throws: `JSONError` when it is no envelope, or its data is not what was asked for.
  package init(parsing bytes: some Collection<UInt8>) throws {
    try Value.readEnvelope(Array(bytes), into: &data, facts: &facts)
  }
}
