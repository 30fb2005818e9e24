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
      self = try JSONReader.read(bytes) { try Envelope(from: &$0) }
    } catch let failure as JSONError {
      // Where there is an error, `data` means nothing and need not be right.
      guard let body = try? ErrorEnvelope(parsing: bytes) else { throw failure }
      if let repeatedKey = body.repeatedKey { throw repeatedKey }
      guard body.error?.objectValue != nil else { throw failure }
      data = nil
      requestID = body.requestID
      pagination = nil
    }
  }

  private init(from reader: inout JSONReader) throws {
    var value: Value?
    var pagination: Pagination?
    var callID: String?
    var metaID: String?
    var hasError = false
    let missingData = reader.fault("'data' is missing")
    try reader.readDistinctMembers { key, reader in
      if reader.isKey(key, "data") {
        value = try Value.read(from: &reader)
      } else if reader.isKey(key, "pagination") {
        pagination = try Pagination.readOptional(from: &reader)
      } else if reader.isKey(key, "request_id") {
        callID = nonEmptyText(try JSONValue.read(from: &reader))
      } else if reader.isKey(key, "meta") {
        metaID = nonEmptyText(try JSONValue.read(from: &reader)["request_id"])
      } else if reader.isKey(key, "error") {
        hasError = try !reader.readNull()
        guard hasError else { return }
        guard try reader.isAtObject() else { throw reader.mismatch(expected: "an object or null") }
        try reader.skipMember(key)
      } else {
        try reader.skipMember(key)
      }
    }
    guard let found = consume value else { throw missingData }
    data = hasError ? nil : consume found
    requestID = callID ?? metaID
    self.pagination = pagination
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
  /// Which key appears twice, if one does.
  let repeatedKey: JSONError?
  private let body: JSONValue

  /// - Throws: ``JSONError`` if the body is not a JSON object.
  package init(parsing bytes: some Collection<UInt8>) throws {
    body = try JSONValue(parsing: bytes)
    guard body.objectValue != nil else { throw JSONError(reason: "expected an object", offset: 0) }
    do {
      try JSONReader.read(bytes) { try $0.skipValue(refusingRepeatedKeys: true) }
      repeatedKey = nil
      error = body["error"].flatMap { $0.isNull ? nil : $0 }
    } catch let failure as JSONError {
      repeatedKey = failure
      error = nil
    }
  }

  /// A text of the error object, or nil where it is absent, blank or of another type.
  package func text(_ key: String) -> String? { nonEmptyText(error?[key]) }

  /// The id of the request, from the first place that has it (contract §2).
  package var requestID: String? {
    text("request_id") ?? nonEmptyText(body["request_id"]) ?? nonEmptyText(body["meta"]?["request_id"])
  }
}

private func nonEmptyText(_ value: JSONValue?) -> String? { (value?.stringValue).unlessEmpty }
