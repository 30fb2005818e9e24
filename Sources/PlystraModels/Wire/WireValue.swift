/// A value that reads itself from JSON and writes itself as JSON.
package protocol WireValue: Sendable {
  /// Reads a value, which must be next.
  static func read(from reader: inout JSONReader) throws -> Self
  /// Writes the value.
  func write(to writer: inout JSONWriter) throws
  /// Writes the value without changing it; it may be changed in type only, so that models need not be copied.
  mutating func writeInPlace(to writer: inout JSONWriter) throws
  /// Takes over the id of the call that it answers, if it has a place for one, and none there.
  mutating func adopt(requestID: String)
  /// Whether the value means "none" where it is optional: the service writes `""` for an absent id, and the SDK
  /// sends no empty optional (contract §2, §3).
  var isBlank: Bool { get }
  /// Reads a value that may be `null` or blank, which both mean nil.
  static func readOptional(from reader: inout JSONReader) throws -> Self?
  /// Reads a value that may be `null` or blank, which both mean nil, into its place.
  static func readOptional(into place: inout Self?, from reader: inout JSONReader) throws
  /// Reads a value into its place, unless it is `null` or blank.
  static func readPresent(into place: inout Self, from reader: inout JSONReader) throws
  /// Reads a value, which must be next, into its place.
  static func read(into place: inout Self?, from reader: inout JSONReader) throws

  // The following have one implementation each. They are requirements so that it is compiled for every type by
  // itself: a caller that knows the type by this protocol only would run it uncompiled for any, several times slower.

  /// Reads a list of values; `null` is an empty one (contract §2).
  static func readList(from reader: inout JSONReader) throws -> [Self]
  /// Writes a list of values.
  static func writeList(_ elements: [Self], to writer: inout JSONWriter) throws
  /// Reads an envelope that holds a value.
  static func readEnvelope(_ bytes: [UInt8], into data: inout Self?, facts: inout EnvelopeFacts) throws
}

extension WireValue {
  package var isBlank: Bool { false }

  package mutating func adopt(requestID: String) {}

  @inline(__always)
  package mutating func writeInPlace(to writer: inout JSONWriter) throws { try write(to: &writer) }

  @inline(__always)
  package static func readOptional(from reader: inout JSONReader) throws -> Self? {
    if try reader.readNull() { return nil }
    let value = try read(from: &reader)
    return value.isBlank ? nil : value
  }

  @inline(__always)
  package static func readOptional(into place: inout Self?, from reader: inout JSONReader) throws {
    place = try readOptional(from: &reader)
  }

  @inline(__always)
  package static func readPresent(into place: inout Self, from reader: inout JSONReader) throws {
    if let present = try readOptional(from: &reader) { place = present }
  }

  @inline(__always)
  package static func read(into place: inout Self?, from reader: inout JSONReader) throws {
    place = try read(from: &reader)
  }

  package static func readList(from reader: inout JSONReader) throws -> [Self] {
    var elements: [Self] = []
    if try reader.readNull() { return elements }
    var more = try reader.beginArray()
    if more { elements.reserveCapacity(firstCapacity) }
    while more {
      elements.append(try read(from: &reader))
      more = try reader.nextInArray()
    }
    return elements
  }
}

extension WireValue {
  package static func writeList(_ elements: [Self], to writer: inout JSONWriter) throws {
    writer.beginArray()
    for element in elements { try element.write(to: &writer) }
    writer.endArray()
  }
}

extension String: WireValue {
  package static func read(from reader: inout JSONReader) throws -> String { try reader.readString() }
  package static func readOptional(from reader: inout JSONReader) throws -> String? {
    try reader.readNonEmptyString()
  }
  // A place that is nil or blank owns no memory: blank texts are literals, or made by the reader. What is put there
  // needs no release of what was there before, which would take as long as making a short text.

  package static func readOptional(into place: inout String?, from reader: inout JSONReader) throws {
    let text = try reader.readNonEmptyString()
    if place == nil { initialize(&place, to: text) } else { place = text }
  }
  package static func readPresent(into place: inout String, from reader: inout JSONReader) throws {
    guard let text = try reader.readNonEmptyString() else { return }
    if place.isEmpty { initialize(&place, to: text) } else { place = text }
  }
  @inline(__always)
  private static func initialize<Value>(_ place: inout Value, to value: consuming Value) {
    let value = value
    withUnsafeMutablePointer(to: &place) { $0.initialize(to: value) }
  }

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

extension JSONValue: WireValue {
  package static func read(from reader: inout JSONReader) throws -> JSONValue { try reader.readValue() }
  package func write(to writer: inout JSONWriter) throws { try writer.write(self) }
}

extension JSONObject: WireValue {
  package static func read(from reader: inout JSONReader) throws -> JSONObject { try reader.readObject() }
  package func write(to writer: inout JSONWriter) throws { try writer.write(self) }
  package var isBlank: Bool { isEmpty }
}

extension Array: WireValue where Element: WireValue {
  package static func read(from reader: inout JSONReader) throws -> [Element] {
    try Element.readList(from: &reader)
  }

  package func write(to writer: inout JSONWriter) throws {
    try Element.writeList(self, to: &writer)
  }

  package var isBlank: Bool { isEmpty }
}

/// An object that maps names to text; `null` is read as an empty one.
extension [String: String]: WireValue {
  package static func read(from reader: inout JSONReader) throws -> [String: String] {
    var entries: [String: String] = [:]
    if try reader.readNull() { return entries }
    var more = try reader.beginObject()
    while more {
      let key = reader.string(in: try reader.scanKey())
      try reader.expectColon()
      entries[key] = try reader.readString()
      more = try reader.nextInObject()
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
