/// What a model shows its fields to: the reader, which sets them, or the writer, which writes them.
///
/// A model names each field once, in the order of the wire, and is thereby read and written.
package protocol FieldVisitor: ~Copyable {
  /// Whether there is a key that none of the fields shown so far was; the writer has none.
  var meetsUnshownKeys: Bool { get }
  /// A field that may be absent, `null` or blank, and then keeps its value; always written.
  mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws
  /// As the field of any other type; a model is read in its place.
  mutating func field<Value: WireModel>(_ key: StaticString, _ value: inout Value) throws
  /// A field that may be absent, `null` or blank, which all mean nil; not written when nil or blank.
  mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws
  /// A list that is nil where it is absent or `null`, and is then not written. An empty list stays one, and is written.
  mutating func list<Element: WireValue>(_ key: StaticString, _ value: inout [Element]?) throws
  /// A flag that is false where it is absent; not written when false.
  mutating func flag(_ key: StaticString, _ value: inout Bool) throws
  /// A field without which the object means nothing; always written.
  mutating func required<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws
  /// A field that a decision depends on: as `field`, and standing twice it is refused (contract §4).
  mutating func decisive<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws
  /// As `decisive`, and required.
  mutating func decisiveRequired<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws
}

/// A model: a value that is a JSON object with known fields.
package protocol WireModel: WireValue {
  /// A blank value, whose fields reading then sets.
  init()
  /// Shows every field, in the order of the wire, and does nothing else: only a reader changes what it is shown.
  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws
}

/// How many elements a list has room for at first, since most have no more.
let firstCapacity = 4

extension WireModel {
  package static func read(from reader: inout JSONReader) throws -> Self {
    var model = Self()
    try model.readFields(from: &reader)
    return model
  }

  package static func readOptional(into place: inout Self?, from reader: inout JSONReader) throws {
    if try reader.readNull() { place = nil } else { try read(into: &place, from: &reader) }
  }

  package static func read(into place: inout Self?, from reader: inout JSONReader) throws {
    place = Self()
    try place?.readFields(from: &reader)
  }

  package static func readList(from reader: inout JSONReader) throws -> [Self] {
    var models: [Self] = []
    if try reader.readNull() { return models }
    var more = try reader.beginArray()
    if more { models.reserveCapacity(firstCapacity) }
    while more {
      models.append(Self())
      try models[models.count - 1].readFields(from: &reader)
      more = try reader.nextInArray()
      // The rows of a long list repeat each other's texts.
      if models.count == 8 { reader.recentTexts.turnOn() }
    }
    return models
  }

  /// Reads the fields of an object into the model.
  @inline(__always)
  mutating func readFields(from reader: inout JSONReader) throws {
    let outer = try reader.enterObject()
    while try reader.needsPass() { try fields(&reader) }
    reader.leaveObject(outer)
  }

  package func write(to writer: inout JSONWriter) throws { try writer.write(borrowing: self) }

  package static func writeList(_ models: [Self], to writer: inout JSONWriter) throws {
    try writer.write(borrowing: models)
  }

  package mutating func writeInPlace(to writer: inout JSONWriter) throws {
    writer.beginObject()
    try fields(&writer)
    writer.endObject()
  }

  /// Reads a model from one JSON text.
  package init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { reader throws in try Self.read(from: &reader) }
  }

  /// The model as one JSON text.
  ///
  /// - Throws: ``JSONError`` for a number that is not finite.
  package func serialized() throws -> [UInt8] {
    try JSONWriter.write { writer throws in try write(to: &writer) }
  }
}
