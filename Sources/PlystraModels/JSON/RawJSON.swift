/// A value of any kind as the bytes it was read from, found to be right.
package struct RawJSON: WireValue {
  /// One JSON value without white space around it.
  package let bytes: [UInt8]

  /// Reads a value in which no key appears twice.
  package static func read(from reader: inout JSONReader) throws -> RawJSON {
    RawJSON(bytes: try reader.readBytes(refusingRepeatedKeys: true))
  }

  package func write(to writer: inout JSONWriter) {
    // What was read once can be read again.
    if let value = try? JSONValue(parsing: bytes) { writer.write(value) }
  }
}

/// An object of any keys that is kept as the text it was checked in, and read whenever it is asked for.
///
/// Few applications look at what a response repeats of their own notes: to read them takes several times as long as to
/// copy the text, and as much memory.
struct UnreadObject: Sendable {
  private enum Content {
    case text(RawJSON)
    case object(JSONObject)
  }

  private let content: Content

  init(_ object: JSONObject) { content = .object(object) }

  private init(_ text: RawJSON) { content = .text(text) }

  /// The object, read anew each time.
  var object: JSONObject {
    switch content {
    case .object(let object): object
    // The text was checked, so that it can be read.
    case .text(let text): (try? JSONReader.read(text.bytes) { try $0.readObject() }) ?? JSONObject()
    }
  }
}

extension UnreadObject: Hashable {
  static func == (lhs: UnreadObject, rhs: UnreadObject) -> Bool { lhs.object == rhs.object }
  func hash(into hasher: inout Hasher) { hasher.combine(object) }
}

extension UnreadObject: WireValue {
  static func read(from reader: inout JSONReader) throws -> UnreadObject {
    guard try reader.isAtObject() else { throw reader.mismatch(expected: "an object") }
    return UnreadObject(RawJSON(bytes: try reader.readBytes(refusingRepeatedKeys: false)))
  }

  func write(to writer: inout JSONWriter) { writer.write(object) }

  var isBlank: Bool {
    switch content {
    case .object(let object): object.isEmpty
    // Without a quote there is no key.
    case .text(let text): !text.bytes.contains(UInt8(ascii: "\""))
    }
  }
}

extension UnreadObject: CustomReflectable {
  /// Shows the object, as if it had been read.
  var customMirror: Mirror { Mirror(reflecting: object) }
}
