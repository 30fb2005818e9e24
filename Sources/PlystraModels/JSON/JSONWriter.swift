/// Writes one JSON text as bytes: no white space, the shortest escapes, keys in the order they are written.
///
/// The memory is right because `count <= capacity` always, nothing is written behind `count` without ``reserve(_:)``
/// before it, and nobody but the writer has the pointer.
package struct JSONWriter: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0
  /// Whether the next key or element needs a comma before it.
  private var needsComma = false
  /// How many objects and arrays are open.
  private var depth = 0
  /// Whether a value is refused that no reader would take: a number that is not finite, or too deep a nesting.
  let isStrict: Bool

  private init(isStrict: Bool) {
    self.isStrict = isStrict
    capacity = 1_000
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// The bytes that `body` writes.
  ///
  /// - Throws: ``JSONError`` with the path of a number that is not finite, or of a value nested too deeply.
  package static func write(_ body: (inout JSONWriter) throws -> Void) throws -> [UInt8] {
    var writer = JSONWriter(isStrict: true)
    do {
      try body(&writer)
    } catch let fault as JSONFault {
      throw writer.error(of: fault)
    }
    return writer.copy()
  }

  /// The bytes of a value, with `null` for numbers that are not finite, and however deeply nested.
  static func bytes(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(isStrict: false)
    // Only what a strict writer refuses throws.
    try? writer.write(value)
    return writer.copy()
  }

  /// What has been written.
  private func copy() -> [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The error of a fault, with its path in what has been written.
  private func error(of fault: JSONFault) -> JSONError {
    JSONError(fault, in: UnsafeBufferPointer(start: base, count: count))
  }

  /// A fault of the value that was to be written here.
  @inline(never)
  func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: count) }

  // MARK: Memory

  /// Makes room for so many bytes more.
  @inline(__always)
  private mutating func reserve(_ length: Int) {
    if capacity &- count < length { grow(by: length) }
  }

  @inline(never)
  private mutating func grow(by length: Int) {
    let larger = max(capacity * 2, count + length)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memory.update(from: base, count: count)
    base.deallocate()
    base = memory
    capacity = larger
  }

  /// Appends a byte for which there is room.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  /// Appends a literal for which there is room.
  @inline(__always)
  private mutating func put(_ literal: StaticString) {
    (base + count).update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
    count &+= literal.utf8CodeUnitCount
  }

  /// Appends the comma that may be due, for which there is room.
  @inline(__always)
  private mutating func putComma() {
    if needsComma { put(UInt8(ascii: ",")) }
  }

  // MARK: Structure

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  private mutating func open(_ byte: UInt8) {
    reserve(2)
    putComma()
    put(byte)
    needsComma = false
    depth += 1
  }

  private mutating func close(_ byte: UInt8) {
    reserve(1)
    put(byte)
    needsComma = true
    depth -= 1
  }

  /// Refuses to open another object or array if no reader would follow there.
  func checkDepth() throws {
    guard isStrict, depth >= JSONReader.maximumDepth else { return }
    throw fault("nesting is deeper than \(JSONReader.maximumDepth)")
  }

  /// Writes a key known to need no escapes.
  @inline(__always)
  package mutating func key(_ key: StaticString) {
    reserve(key.utf8CodeUnitCount + 4)
    putComma()
    put(UInt8(ascii: "\""))
    put(key)
    put(UInt8(ascii: "\""))
    put(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a key of any text.
  package mutating func key(_ key: String) {
    write(key)
    reserve(1)
    put(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: Values

  @inline(__always)
  private mutating func write(literal: StaticString) {
    reserve(literal.utf8CodeUnitCount + 1)
    putComma()
    put(literal)
    needsComma = true
  }

  package mutating func writeNull() { write(literal: "null") }

  package mutating func write(_ value: Bool) {
    if value { write(literal: "true") } else { write(literal: "false") }
  }

  package mutating func write(_ value: Int64) { write(plain: String(value)) }

  package mutating func write(_ value: Double) throws {
    guard value.isFinite else {
      if !isStrict { return writeNull() }
      reserve(1)
      putComma()  // The fault's path counts commas.
      throw fault("a number is not finite, which JSON cannot express")
    }
    // The shortest text that reads back as the same value, a fraction or exponent always included.
    write(plain: value.description)
  }

  /// Writes the text of a number.
  private mutating func write(plain text: String) {
    reserve(text.utf8.count + 1)
    putComma()
    for byte in text.utf8 { put(byte) }
    needsComma = true
  }

  package mutating func write(_ value: String) {
    var value = value
    write(inPlace: &value)
  }

  /// Writes a text where it stands: holding on to it meanwhile would take as long as writing it.
  mutating func write(inPlace value: inout String) { value.withUTF8 { write(quoted: $0) } }

  /// Writes a string of bytes known to need no escapes.
  mutating func write(plainString text: [UInt8]) {
    reserve(text.count + 3)
    putComma()
    put(UInt8(ascii: "\""))
    for byte in text { put(byte) }
    put(UInt8(ascii: "\""))
    needsComma = true
  }

  private mutating func write(quoted text: UnsafeBufferPointer<UInt8>) {
    reserve(text.count + 3)
    putComma()
    put(UInt8(ascii: "\""))
    if let source = text.baseAddress, !text.isEmpty {
      if copyPlain(UnsafeRawPointer(source), text.count) {
        count &+= text.count
      } else {
        putEscaped(text)
      }
    }
    reserve(1)
    put(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Copies a text, for which there is room, behind `count`, and says whether it needs no escape.
  ///
  /// It goes word by word, the last of which overlaps the one before it.
  @inline(__always)
  private func copyPlain(_ source: UnsafeRawPointer, _ length: Int) -> Bool {
    let target = UnsafeMutableRawPointer(base + count)
    var index = 0
    if length >= 8 {
      while true {
        let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if Self.needsEscape(word) { return false }
        target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        if index == length &- 8 { return true }
        index = min(index &+ 8, length &- 8)
      }
    }
    while index < length {
      let byte = source.load(fromByteOffset: index, as: UInt8.self)
      if Self.needsEscape(byte) { return false }
      target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      index &+= 1
    }
    return true
  }

  /// Whether any of eight bytes needs an escape.
  @inline(__always)
  private static func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    // Borrows may mark further bytes, but only where one is marked rightly.
    return
      (((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
      | ((backslashes &- ones) & ~backslashes))
      & tops != 0
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

  @inline(never)
  private mutating func putEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    for byte in text {
      reserve(6)
      if Self.needsEscape(byte) { putEscape(of: byte) } else { put(byte) }
    }
  }

  /// Appends the escape of a byte, for which there is room.
  private mutating func putEscape(of byte: UInt8) {
    switch byte {
    case 0x08: put("\\b")
    case 0x09: put("\\t")
    case 0x0A: put("\\n")
    case 0x0C: put("\\f")
    case 0x0D: put("\\r")
    case 0x22: put("\\\"")
    case 0x5C: put("\\\\")
    default:
      put("\\u00")
      put(Self.hexDigit(byte >> 4))
      put(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
  }
}
