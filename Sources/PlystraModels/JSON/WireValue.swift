/// A value that reads itself from JSON and writes itself as JSON.
package protocol WireValue: Sendable {
  /// Reads a value.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  static func read(from reader: inout JSONReader) throws -> Self
  /// Reads a value that may be `null` or blank, which both mean nil.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  static func readOptional(from reader: inout JSONReader) throws -> Self?
  /// Writes the value.
  func write(to writer: inout JSONWriter)
  /// Whether the value means "none" where it is optional: the service writes `""` for an absent id, and the SDK sends
  /// no empty optional (contract §2, §3).
  var isBlank: Bool { get }
  /// Reads a list of values; `null` is an empty one (contract §2).
  ///
  /// It has one implementation. As a requirement it is compiled for each type by itself.
  static func readList(from reader: inout JSONReader) throws -> [Self]
}

extension WireValue {
  package var isBlank: Bool { false }

  package static func readOptional(from reader: inout JSONReader) throws -> Self? {
    if try reader.readNull() { return nil }
    let value = try read(from: &reader)
    return value.isBlank ? nil : value
  }

  package static func readList(from reader: inout JSONReader) throws -> [Self] {
    var values: [Self] = []
    if try reader.readNull() { return values }
    try reader.readArray { values.append(try read(from: &$0)) }
    return values
  }

  /// Reads one JSON text.
  ///
  /// - Throws: ``JSONError``.
  package init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { try Self.read(from: &$0) }
  }

  /// The value as one JSON text.
  ///
  /// - Throws: ``JSONError`` for a number that is not finite, and for what else cannot be written.
  package func serialized() throws -> [UInt8] {
    try JSONWriter.write { write(to: &$0) }
  }
}

/// A model: a JSON object with known fields.
package protocol WireModel: WireValue {
  /// Reads every field, once, best in the order of the contract.
  ///
  /// - Throws: ``JSONFault`` for one that is missing or of another type.
  init(from fields: inout JSONReader) throws
  /// Writes every field, in the order of the contract.
  func writeFields(to writer: inout JSONWriter)
}

extension WireModel {
  package static func read(from reader: inout JSONReader) throws -> Self {
    try reader.readFields { try Self(from: &$0) }
  }

  package static func readOptional(from reader: inout JSONReader) throws -> Self? {
    try reader.readNull() ? nil : read(from: &reader)
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writeFields(to: &writer)
    writer.endObject()
  }
}

// MARK: Types of the standard library

extension String: WireValue {
  package static func read(from reader: inout JSONReader) throws -> String { try reader.readString() }
  package static func readOptional(from reader: inout JSONReader) throws -> String? { try reader.readText() }
  package func write(to writer: inout JSONWriter) { writer.write(self) }
  package var isBlank: Bool { isEmpty }
}

extension Bool: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Bool { try reader.readBool() }
  package func write(to writer: inout JSONWriter) { writer.write(self) }
}

extension Int64: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Int64 { try reader.readInteger() }
  package func write(to writer: inout JSONWriter) { writer.write(self) }
}

extension Int: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Int {
    Int(clamping: try reader.readInteger())
  }
  package func write(to writer: inout JSONWriter) { writer.write(Int64(self)) }
}

extension Array: WireValue where Element: WireValue {
  package static func read(from reader: inout JSONReader) throws -> [Element] {
    try Element.readList(from: &reader)
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginArray()
    for index in indices { self[index].write(to: &writer) }
    writer.endArray()
  }

  package var isBlank: Bool { isEmpty }
}

/// An object that maps names to texts.
extension [String: String]: WireValue {
  package static func read(from reader: inout JSONReader) throws -> [String: String] {
    var entries: [String: String] = [:]
    try reader.readDistinctMembers { key, reader in
      entries[reader.string(of: key)] = try reader.readString()
    }
    return entries
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    for (key, value) in sorted(by: { $0.key < $1.key }) {
      writer.key(key)
      writer.write(value)
    }
    writer.endObject()
  }

  package var isBlank: Bool { isEmpty }
}
