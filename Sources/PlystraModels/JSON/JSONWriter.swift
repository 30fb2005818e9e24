/// Writes one JSON text as bytes: no white space, the shortest escapes, keys in the order they are written.
package struct JSONWriter: ~Copyable {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []
  /// Whether the next key or element needs a comma before it.
  private var needsComma = false
  /// What happens to a number that JSON cannot express.
  private let refusesNonFinite: Bool

  private init(refusesNonFinite: Bool) {
    self.refusesNonFinite = refusesNonFinite
    bytes.reserveCapacity(512)
  }

  /// The bytes that `body` writes.
  ///
  /// - Throws: ``JSONError`` with the path of a number that is not finite.
  package static func write(_ body: (inout JSONWriter) throws -> Void) throws -> [UInt8] {
    var writer = JSONWriter(refusesNonFinite: true)
    do {
      try body(&writer)
    } catch let fault as JSONFault {
      throw JSONError(fault, in: writer.bytes)
    }
    return writer.bytes
  }

  /// The bytes of a value, with `null` for numbers that are not finite.
  static func bytes(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(refusesNonFinite: false)
    // Only a refused number throws, and none is refused here.
    try? writer.write(value)
    return writer.bytes
  }

  /// A fault of the value that was to be written here.
  func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: bytes.count) }

  // MARK: Structure

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// Writes a key known to need no escapes.
  @inline(__always)
  package mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a key of any text.
  package mutating func key(_ key: String) {
    write(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: Values

  package mutating func writeNull() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  package mutating func write(_ value: Bool) {
    separate()
    bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
  }

  package mutating func write(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  package mutating func write(_ value: Double) throws {
    guard value.isFinite else {
      if !refusesNonFinite { return writeNull() }
      separate()  // The fault's path counts commas.
      throw fault("a number is not finite, which JSON cannot express")
    }
    separate()
    // The shortest text that reads back as the same value, a fraction or exponent always included.
    bytes.append(contentsOf: value.description.utf8)
  }

  package mutating func write(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    let text = value.utf8
    if text.contains(where: Self.needsEscape) {
      for byte in text {
        if Self.needsEscape(byte) { appendEscape(of: byte) } else { bytes.append(byte) }
      }
    } else {
      bytes.append(contentsOf: text)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

  private mutating func appendEscape(of byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x22, 0x5C: bytes.append(byte)
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }

  package mutating func write(_ value: JSONValue) throws {
    switch value {
    case .null: writeNull()
    case .bool(let value): write(value)
    case .integer(let value): write(value)
    case .number(let value): try write(value)
    case .string(let value): write(value)
    case .array(let elements):
      beginArray()
      for element in elements { try write(element) }
      endArray()
    case .object(let object): try write(object)
    }
  }

  package mutating func write(_ object: JSONObject) throws {
    beginObject()
    for (name, value) in object {
      key(name)
      try write(value)
    }
    endObject()
  }
}
