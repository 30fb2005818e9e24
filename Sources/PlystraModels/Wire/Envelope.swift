/// What a 2xx answer says beside its data (contract §2).
package struct EnvelopeFacts: Sendable {
  /// The id of the call.
  package fileprivate(set) var requestID: String?
  package fileprivate(set) var pagination: Pagination?

  package init() {}
}

extension WireValue {
  /// Reads an envelope strictly.
  ///
  /// - Parameters:
  ///   - data: takes the data; nil if the envelope holds an error instead.
  ///   - facts: takes what stands beside them.
  /// - Throws: ``JSONError`` when it is no envelope, or its data is not what was asked for.
  package static func readEnvelope(
    _ bytes: [UInt8], into data: inout Self?, facts: inout EnvelopeFacts
  ) throws {
    do {
      try JSONReader.read(bytes) { reader throws in
        try readEnvelopeFields(from: &reader, into: &data, facts: &facts)
      }
    } catch let failure as JSONError where !failure.isDuplicateKey {
      try EnvelopeKeys.refuseRepetition(in: bytes)
      // Where there is an error, `data` means nothing and need not be right.
      guard let error = try? ErrorEnvelope(parsing: bytes), error.error?.objectValue != nil else {
        throw failure
      }
      data = nil
      facts = EnvelopeFacts()
      facts.requestID = error.anyRequestID
    }
  }

  @inline(__always)
  private static func readEnvelopeFields(
    from reader: inout JSONReader, into data: inout Self?, facts: inout EnvelopeFacts
  ) throws {
    var callID: LenientText?
    var meta: EnvelopeMeta?
    var error: ErrorObject?
    let outer = try reader.enterObject()
    while try reader.needsPass() {
      try reader.decisiveRequired("data", orNil: &data)
      try reader.field("pagination", &facts.pagination)
      try reader.field("request_id", &callID)
      try reader.field("meta", &meta)
      try reader.decisive("error", &error)
    }
    reader.leaveObject(outer)
    facts.requestID = callID?.text ?? meta?.requestID
    if error != nil { data = nil }
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

/// The keys of an envelope that must not appear twice, whatever their values: parsers disagree on which counts.
private struct EnvelopeKeys: WireModel {
  var data: LenientText?
  var error: LenientText?

  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.decisive("data", &data)
    try visitor.decisive("error", &error)
  }

  static func refuseRepetition(in bytes: [UInt8]) throws {
    do {
      _ = try EnvelopeKeys(parsing: bytes)
    } catch let error as JSONError where error.isDuplicateKey {
      throw error
    } catch {
      // Other faults of the text are the caller's to report.
    }
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
