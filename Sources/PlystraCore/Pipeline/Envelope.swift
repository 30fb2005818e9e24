/// The body of a response of status 2xx (contract §2).
package struct Envelope<Value: WireValue>: Sendable {
  /// The data; nil if the envelope holds an error instead, whatever else it holds.
  package let data: Value?
  /// The id of the request, from the first place that has it.
  package let requestID: String?
  package let pagination: Pagination?

  /// Reads a body strictly.
  ///
  /// - Throws: ``JSONError`` if it is no envelope, or its data is not what was asked for.
  package init(parsing bytes: some Collection<UInt8>) throws {
    do {
      var value: Value?
      var facts = EnvelopeFacts()
      try JSONReader.read(bytes) { reader in
        try reader.readFields { reader in
          value = nil
          try reader.field("data") { value = try Value.read(from: &$0) }
          facts = try EnvelopeFacts(from: &reader)
        }
      }
      guard let value else { throw JSONError(reason: "'data' is missing", offset: 0) }
      self.init(
        data: facts.hasError ? nil : value, requestID: facts.requestID, pagination: facts.pagination)
    } catch let failure as JSONError where !failure.isRepeatedKey {
      // Where there is an error, `data` means nothing and need not be right.
      guard let error = try? ErrorEnvelope(parsing: bytes), error.error?.objectValue != nil else {
        throw failure
      }
      self.init(data: nil, requestID: error.requestID, pagination: nil)
    }
  }

  private init(data: Value?, requestID: String?, pagination: Pagination?) {
    self.data = data
    self.requestID = requestID
    self.pagination = pagination
  }
}

/// What an envelope says beside its data.
private struct EnvelopeFacts {
  var requestID: String?
  var pagination: Pagination?
  var hasError = false

  init() {}

  init(from reader: inout JSONReader) throws {
    try reader.field("pagination") { reader in
      pagination = try Pagination.readOptional(from: &reader)
    }
    try reader.field("request_id") { reader in
      requestID = nonEmptyText(try JSONValue.read(from: &reader))
    }
    try reader.field("meta") { reader in
      let meta = try JSONValue.read(from: &reader)
      requestID = requestID ?? nonEmptyText(meta["request_id"])
    }
    try reader.field("error") { reader in
      if try reader.readNull() { return }
      guard try reader.isAtObject() else { throw reader.mismatch(expected: "an object or null") }
      try reader.skipValue(refusingRepeatedKeys: true)
      hasError = true
    }
  }
}

/// What an envelope says of the page that it holds.
package struct Pagination: WireModel {
  package var limit: Int?
  package var cursor: String?
  package var hasMore = false

  package init() {}

  package init(from fields: inout JSONReader) throws {
    limit = try fields.optional("limit")
    cursor = try fields.optional("cursor")
    hasMore = try fields.value("has_more", or: false)
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("limit", limit)
    writer.optional("cursor", cursor)
    writer.field("has_more", hasMore)
  }
}

/// A response that is read for its error only: nothing in it but the JSON has to be right.
package struct ErrorEnvelope {
  /// The value of `error`, of whatever type; nil if a key appears twice in the body, so that it may be another one.
  package let error: JSONValue?
  private let body: JSONValue

  /// - Throws: ``JSONError`` if the body is not a JSON object.
  package init(parsing bytes: some Collection<UInt8>) throws {
    body = try JSONValue(parsing: bytes)
    guard body.objectValue != nil else { throw JSONError(reason: "expected an object", offset: 0) }
    let strict = try? JSONReader.read(bytes) { try JSONValue.read(from: &$0) }
    error = strict?["error"].flatMap { $0.isNull ? nil : $0 }
  }

  /// A text of the error object, or nil where it is absent, blank or of another type.
  package func text(_ key: String) -> String? { nonEmptyText(error?[key]) }

  /// The id of the request, from the first place that has it (contract §2).
  package var requestID: String? {
    text("request_id") ?? nonEmptyText(body["request_id"]) ?? nonEmptyText(body["meta"]?["request_id"])
  }
}

private func nonEmptyText(_ value: JSONValue?) -> String? { (value?.stringValue).unlessEmpty }
