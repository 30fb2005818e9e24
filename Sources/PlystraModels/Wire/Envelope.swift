/// A 2xx answer: its data, or the notice that it holds an error instead (contract §2).
package struct Envelope<Value: WireValue>: Sendable {
  /// The data; nil only if the envelope holds an error.
  package var data: Value?
  package fileprivate(set) var requestID: String?
  package fileprivate(set) var pagination: Pagination?

  /// Reads an envelope strictly.
  ///
  /// - Throws: ``JSONError`` when it is not one, or `data` is not what was asked for.
  @inlinable @inline(__always)
  package init(parsing bytes: [UInt8]) throws {
    (data, requestID, pagination) = (nil, nil, nil)
    try Value.readEnvelope(bytes, into: &self)
  }

  /// Reads an envelope strictly.
  ///
  /// - Throws: ``JSONError`` when it is not one, or `data` is not what was asked for.
  package init(parsing bytes: some Collection<UInt8>) throws { try self.init(parsing: Array(bytes)) }

  @inline(__always)
  fileprivate mutating func readFields(from reader: inout JSONReader) throws {
    var callID: LenientText?
    var meta: EnvelopeMeta?
    var error: ErrorObject?
    let outer = try reader.enterObject()
    while try reader.needsPass() {
      try reader.decisiveRequired("data", orNil: &data)
      try reader.field("pagination", &pagination)
      try reader.field("request_id", &callID)
      try reader.field("meta", &meta)
      try reader.decisive("error", &error)
    }
    reader.leaveObject(outer)
    requestID = callID?.text ?? meta?.requestID
    if error != nil { data = nil }
  }

  /// Reads only what stands beside an error.
  fileprivate mutating func readError(_ error: ErrorEnvelope) {
    data = nil
    pagination = nil
    requestID = error.anyRequestID
  }
}

extension WireValue {
  package static func readEnvelope(_ bytes: [UInt8], into envelope: inout Envelope<Self>) throws {
    do {
      try JSONReader.read(bytes) { reader throws in try envelope.readFields(from: &reader) }
    } catch let failure as JSONError where !failure.isDuplicateKey {
      // Where there is an error, `data` means nothing and need not be right.
      guard let error = try? ErrorEnvelope(parsing: bytes), error.error?.objectValue != nil else {
        throw failure
      }
      envelope.readError(error)
    }
  }
}

/// The presence of an error object; its content is read once it is known to be one.
private struct ErrorObject: WireValue {
  static func read(from reader: inout JSONReader) throws -> ErrorObject {
    let byte = try reader.peek()
    guard byte == UInt8(ascii: "{") else { throw reader.mismatch(expected: "an object or null", found: byte) }
    try reader.skipValue()
    return ErrorObject()
  }
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.endObject()
  }
}

/// A text, or nothing where a value of another type stands.
package struct LenientText: WireValue {
  package let text: String?

  package static func read(from reader: inout JSONReader) throws -> LenientText {
    if try reader.peek() == UInt8(ascii: "\"") {
      let text = try reader.readString()
      return LenientText(text: text.isEmpty ? nil : text)
    }
    try reader.skipValue()
    return LenientText(text: nil)
  }
  package func write(to writer: inout JSONWriter) { writer.write(text ?? "") }
  package var isBlank: Bool { text == nil }
}

/// Where older servers put the id of the call.
package struct EnvelopeMeta: WireValue {
  package let requestID: String?

  package static func read(from reader: inout JSONReader) throws -> EnvelopeMeta {
    EnvelopeMeta(requestID: nonBlank(try reader.readValue()["request_id"]))
  }
  package func write(to writer: inout JSONWriter) throws {
    try writer.write(JSONObject(requestID.map { [("request_id", .string($0))] } ?? []))
  }
}

/// An answer read for its error only: nothing in it but the JSON has to be right.
package struct ErrorEnvelope: WireModel {
  /// The value of `error`, of whatever type.
  package var error: JSONValue?
  private var requestID: LenientText?
  private var meta: EnvelopeMeta?

  package init() {}

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.decisive("error", &error)
    try visitor.field("request_id", &requestID)
    try visitor.field("meta", &meta)
  }

  /// A text of the error object, or nil where it is absent, blank or of another type.
  package func text(_ key: String) -> String? { nonBlank(error?[key]) }

  /// The id of the call, from the first place that has it (contract §2).
  package var anyRequestID: String? { text("request_id") ?? requestID?.text ?? meta?.requestID }
}

private func nonBlank(_ value: JSONValue?) -> String? {
  value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
}
