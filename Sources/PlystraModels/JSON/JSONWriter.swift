/// Writes one JSON text as bytes: no white space, the shortest escapes, keys in the order in which they are written.
///
/// A value that JSON cannot express does not interrupt it: the first such failure is thrown when all is written.
package struct JSONWriter: ~Copyable {
  private var buffer = JSONBuffer(capacity: 1_000)
  /// Whether the next key or element needs a comma before it.
  private var needsComma = false
  /// How many objects and arrays are open.
  private var depth = 0
  /// Whether a value is refused that no reader would take: a number that is not finite, or too deep a nesting.
  private let isStrict: Bool
  private var failure: JSONError?

  private init(isStrict: Bool) { self.isStrict = isStrict }

  /// The bytes that `body` writes.
  ///
  /// - Throws: ``JSONError`` with the path of a number that is not finite, or of a value nested too deeply.
  package static func write(_ body: (inout JSONWriter) -> Void) throws -> [UInt8] {
    var writer = JSONWriter(isStrict: true)
    body(&writer)
    if let failure = writer.failure { throw failure }
    return writer.buffer.bytes
  }

  /// The bytes of a value, with `null` for numbers that are not finite, and however deeply nested.
  static func bytes(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(isStrict: false)
    writer.write(value)
    return writer.buffer.bytes
  }

  /// Has the writing fail because of the value that was to be written here, unless it has failed before.
  mutating func fail(_ reason: String) {
    if failure != nil { return }
    // The path of a value counts the commas before it.
    separate()
    let written = buffer.bytes
    failure = JSONError(JSONFault(reason: reason, offset: written.count), in: written)
  }

  // MARK: Structure

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  private mutating func open(_ byte: UInt8) {
    separate()
    buffer.append(byte)
    needsComma = false
    depth += 1
  }

  private mutating func close(_ byte: UInt8) {
    buffer.append(byte)
    needsComma = true
    depth -= 1
  }

  /// Writes the comma that may be due before a key or value, and has one follow it.
  private mutating func separate() {
    if needsComma { buffer.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// Whether no reader would follow into another object or array here.
  var isAtMaximumDepth: Bool { depth >= JSONReader.maximumDepth }

  /// Refuses another object or array here.
  mutating func refuseDepth() {
    if isStrict { fail("nesting is deeper than \(JSONReader.maximumDepth)") }
  }

  /// Writes a key that needs no escapes.
  package mutating func key(_ key: StaticString) {
    buffer.append(key: key, needsComma: needsComma)
    needsComma = false
  }

  /// Writes a key of any text.
  package mutating func key(_ key: String) {
    write(key)
    buffer.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: Values

  package mutating func writeNull() {
    separate()
    buffer.append("null")
  }

  package mutating func write(_ value: Bool) {
    separate()
    buffer.append(value ? "true" : "false")
  }

  package mutating func write(_ value: Int64) {
    separate()
    buffer.append(String(value))
  }

  package mutating func write(_ value: Double) {
    if value.isFinite {
      separate()
      // The shortest text that reads back as the same value, a fraction or exponent always included.
      buffer.append(value.description)
    } else if isStrict {
      fail("a number is not finite, which JSON cannot express")
    } else {
      writeNull()
    }
  }

  package mutating func write(_ value: String) {
    separate()
    if buffer.append(quoted: value) { return }
    buffer.append(UInt8(ascii: "\""))
    appendEscaped(value)
    buffer.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ value: String) {
    for byte in value.utf8 {
      if JSONBuffer.needsEscape(byte) { appendEscape(of: byte) } else { buffer.append(byte) }
    }
  }

  private mutating func appendEscape(of byte: UInt8) {
    switch byte {
    case 0x08: buffer.append("\\b")
    case 0x09: buffer.append("\\t")
    case 0x0A: buffer.append("\\n")
    case 0x0C: buffer.append("\\f")
    case 0x0D: buffer.append("\\r")
    case 0x22: buffer.append("\\\"")
    case 0x5C: buffer.append("\\\\")
    default:
      buffer.append(byte < 0x10 ? "\\u000" : "\\u00")
      buffer.append(String(byte, radix: 16))
    }
  }
}

// MARK: Fields

extension JSONWriter {
  /// Writes a field.
  package mutating func field(_ name: StaticString, _ value: some WireValue) {
    key(name)
    value.write(to: &self)
  }

  /// Writes a field, unless it is nil or blank.
  package mutating func optional(_ name: StaticString, _ value: (some WireValue)?) {
    guard value?.isBlank == false else { return }
    key(name)
    value?.write(to: &self)
  }

  /// Writes a list, unless it is nil; an empty one is written.
  package mutating func list(_ name: StaticString, _ value: [some WireValue]?) {
    guard let value else { return }
    field(name, value)
  }

  /// Writes a flag, unless it is false.
  package mutating func flag(_ name: StaticString, _ value: Bool) {
    if value { field(name, true) }
  }
}

// MARK: Values of any kind

extension JSONWriter {
  package mutating func write(_ value: JSONValue) {
    switch value {
    case .null: writeNull()
    case .bool(let value): write(value)
    case .integer(let value): write(value)
    case .number(let value): write(value)
    case .string(let value): write(value)
    case .array(let elements):
      if isAtMaximumDepth { return writeDeep(value) }
      beginArray()
      for element in elements { write(element) }
      endArray()
    case .object(let object): write(object)
    }
  }

  package mutating func write(_ object: JSONObject) {
    if isAtMaximumDepth { return writeDeep(.object(object)) }
    beginObject()
    for member in object {
      key(member.key)
      write(member.value)
    }
    endObject()
  }

  /// Writes an object or array that no reader would follow into, unless the writer is strict.
  ///
  /// It keeps those that are open on a list of its own instead of the stack, for which a value made by hand might be too
  /// deep.
  private mutating func writeDeep(_ value: JSONValue) {
    refuseDepth()
    guard failure == nil else { return }
    var open: [(members: [(key: String?, value: JSONValue)], position: Int, end: UInt8)] = []
    var next: JSONValue? = value
    while true {
      switch next {
      case .array(let elements):
        beginArray()
        open.append((elements.map { (nil, $0) }, 0, UInt8(ascii: "]")))
      case .object(let object):
        beginObject()
        open.append((object.map { ($0.key, $0.value) }, 0, UInt8(ascii: "}")))
      case let scalar?: write(scalar)
      case nil: break
      }
      guard let top = open.last else { return }
      if top.position == top.members.count {
        close(top.end)
        open.removeLast()
        next = nil
      } else {
        open[open.count - 1].position += 1
        if let key = top.members[top.position].key { self.key(key) }
        next = top.members[top.position].value
      }
    }
  }
}
