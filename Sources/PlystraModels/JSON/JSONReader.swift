/// A strict pull reader for one JSON text (RFC 8259).
///
/// It accepts an optional byte order mark, white space and one value; validates UTF-8 everywhere, skipped values
/// included; reads integers exactly; and refuses nesting deeper than 128. It allocates nothing of its own.
///
/// The pointer is right because a reader is made only by ``read(_:_:)``, which keeps the bytes alive and unmoved
/// for as long as the reader exists, and every access is checked against `count` first.
package struct JSONReader: ~Copyable {
  /// The deepest nesting of objects and arrays that is read.
  package static let maximumDepth = 128

  let base: UnsafePointer<UInt8>
  let count: Int
  var position = 0
  var depth = 0
  /// The state of the innermost object whose fields are being read (see `FieldVisitor`).
  var fields = FieldState()

  private init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// Reads one text as a whole.
  ///
  /// - Throws: ``JSONError`` when the text is not JSON or not what `body` expects.
  package static func read<Result>(
    _ bytes: some Collection<UInt8>, _ body: (inout JSONReader) throws -> Result
  ) throws -> Result {
    let result = try bytes.withContiguousStorageIfAvailable { try read($0, body) }
    if let result { return result }
    return try Array(bytes).withUnsafeBufferPointer { try read($0, body) }
  }

  private static func read<Result>(
    _ buffer: UnsafeBufferPointer<UInt8>, _ body: (inout JSONReader) throws -> Result
  ) throws -> Result {
    guard let base = buffer.baseAddress, !buffer.isEmpty else {
      throw JSONError(reason: "the text is empty", offset: 0)
    }
    var reader = JSONReader(base: base, count: buffer.count)
    do {
      reader.skipByteOrderMark()
      let result = try body(&reader)
      try reader.finish()
      return result
    } catch let fault as JSONFault {
      throw JSONError(fault, in: buffer)
    }
  }

  // MARK: Structure

  private mutating func skipByteOrderMark() {
    if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { position = 3 }
  }

  private mutating func finish() throws {
    skipWhitespace()
    if position < count { throw fault("there is something behind the value") }
  }

  /// A fault at the current position, or at another one.
  func fault(_ reason: String, at offset: Int? = nil) -> JSONFault {
    JSONFault(reason: reason, offset: offset ?? position)
  }

  /// A fault because the text ends here.
  func prematureEnd(_ reason: String = "the text ends too early") -> JSONFault {
    JSONFault(reason: reason, offset: count, isPremature: true)
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while position < count {
      let byte = base[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  /// The next byte that is not white space, without consuming it.
  @inline(__always)
  mutating func peek() throws -> UInt8 {
    skipWhitespace()
    guard position < count else { throw prematureEnd() }
    return base[position]
  }

  /// Consumes `{` and says whether a key follows.
  mutating func beginObject() throws -> Bool {
    try expect(UInt8(ascii: "{"), "an object")
    try descend()
    if try peek() == UInt8(ascii: "}") {
      endContainer()
      return false
    }
    return true
  }

  /// Consumes `,` or `}` and says whether another key follows.
  mutating func nextInObject() throws -> Bool {
    try next(closing: UInt8(ascii: "}"), "expected ',' or '}'")
  }

  /// Consumes `[` and says whether an element follows.
  mutating func beginArray() throws -> Bool {
    try expect(UInt8(ascii: "["), "an array")
    try descend()
    if try peek() == UInt8(ascii: "]") {
      endContainer()
      return false
    }
    return true
  }

  /// Consumes `,` or `]` and says whether another element follows.
  mutating func nextInArray() throws -> Bool {
    try next(closing: UInt8(ascii: "]"), "expected ',' or ']'")
  }

  private mutating func next(closing: UInt8, _ complaint: String) throws -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: ",") {
      position += 1
      return true
    }
    guard byte == closing else { throw fault(complaint) }
    endContainer()
    return false
  }

  mutating func descend() throws {
    depth += 1
    if depth > Self.maximumDepth { throw fault("nesting is deeper than \(Self.maximumDepth)") }
  }

  private mutating func endContainer() {
    position += 1
    depth -= 1
  }

  /// Consumes the `:` behind a key.
  @inline(__always)
  mutating func expectColon() throws {
    guard try peek() == UInt8(ascii: ":") else { throw fault("expected ':'") }
    position += 1
  }

  @inline(__always)
  private mutating func expect(_ byte: UInt8, _ what: String) throws {
    let found = try peek()
    guard found == byte else { throw mismatch(expected: what, found: found) }
    position += 1
  }

  /// A fault that says what was expected and what kind of value stands there instead.
  func mismatch(expected: String, found byte: UInt8) -> JSONFault {
    let found =
      switch byte {
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "["): "an array"
      case UInt8(ascii: "\""): "a string"
      case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
      case UInt8(ascii: "n"): "null"
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): "a number"
      default: "something that is not JSON"
      }
    return fault("expected \(expected), found \(found)")
  }

  // MARK: Literals and skipping

  /// Consumes `null` if it is next.
  @inline(__always)
  package mutating func readNull() throws -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try expectLiteral("null")
    return true
  }

  /// Reads `true` or `false`.
  package mutating func readBool() throws -> Bool {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "t"):
      try expectLiteral("true")
      return true
    case UInt8(ascii: "f"):
      try expectLiteral("false")
      return false
    default:
      throw mismatch(expected: "a boolean", found: byte)
    }
  }

  private mutating func expectLiteral(_ literal: StaticString) throws {
    let length = literal.utf8CodeUnitCount
    guard count - position >= length else {
      // Cut only if what is left is right.
      let rest = UnsafeBufferPointer(start: base + position, count: count - position)
      let isCut = rest.elementsEqual(UnsafeBufferPointer(start: literal.utf8Start, count: rest.count))
      throw isCut ? prematureEnd() : fault("expected \(literal)")
    }
    guard equals(literal, at: position) else { throw fault("expected \(literal)") }
    position += length
  }

  /// Whether the bytes at `offset`, which must be as many as the literal's, are the literal's.
  @inline(__always)
  func equals(_ literal: StaticString, at offset: Int) -> Bool {
    let expected = literal.utf8Start
    for index in 0..<literal.utf8CodeUnitCount where base[offset + index] != expected[index] {
      return false
    }
    return true
  }

  /// Consumes one value of any kind, as strictly as if it were read.
  package mutating func skipValue() throws {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""): _ = try scanString()
    case UInt8(ascii: "{"):
      var more = try beginObject()
      while more {
        _ = try scanKey()
        try expectColon()
        try skipValue()
        more = try nextInObject()
      }
    case UInt8(ascii: "["):
      var more = try beginArray()
      while more {
        try skipValue()
        more = try nextInArray()
      }
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try readBool()
    case UInt8(ascii: "n"): _ = try readNull()
    default: _ = try readNumber()
    }
  }
}
