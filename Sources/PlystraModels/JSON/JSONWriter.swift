/// Writes one JSON text as bytes: no white space, the shortest escapes, keys in the order they are written.
///
/// The memory is right because `count <= capacity` always, nothing is written behind `count` without ``reserve(_:)``
/// before it, and nobody but the writer has the pointer.
package struct JSONWriter: ~Copyable {
  var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  var count = 0
  /// Whether the next key or element needs a comma before it.
  var needsComma = false
  /// How many objects and arrays are open.
  private(set) var depth = 0
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
  mutating func reserve(_ length: Int) {
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
  mutating func put(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  /// Appends a literal for which there is room.
  @inline(__always)
  mutating func put(_ literal: StaticString) {
    (base + count).update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
    count &+= literal.utf8CodeUnitCount
  }

  /// Appends the comma that may be due, for which there is room.
  @inline(__always)
  mutating func putComma() {
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
    var text = text
    text.withUTF8 { bytes in
      reserve(bytes.count + 1)
      putComma()
      guard let source = bytes.baseAddress else { return }
      (base + count).update(from: source, count: bytes.count)
      count &+= bytes.count
    }
    needsComma = true
  }

  /// Writes a string of bytes known to need no escapes.
  mutating func write(plainString text: [UInt8]) {
    reserve(text.count + 3)
    putComma()
    put(UInt8(ascii: "\""))
    text.withUnsafeBufferPointer { bytes in
      guard let source = bytes.baseAddress else { return }
      (base + count).update(from: source, count: bytes.count)
      count &+= bytes.count
    }
    put(UInt8(ascii: "\""))
    needsComma = true
  }
}
