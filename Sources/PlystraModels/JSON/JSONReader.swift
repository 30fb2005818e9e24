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
  var recentTexts = RecentTexts()
  /// The key that was scanned because it is not written as the wire writes it, while `fields.place` says so.
  var scannedKey = JSONStringRange(start: 0, end: 0, content: .plain)

  private init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// Reads one text as a whole.
  ///
  /// - Throws: ``JSONError`` when the text is not JSON or not what `body` expects.
  package static func read<Result>(
    _ bytes: [UInt8], _ body: (inout JSONReader) throws -> Result
  ) throws -> Result {
    try bytes.withUnsafeBufferPointer { try read($0, body) }
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
  @inline(never)
  func fault(_ reason: StaticString, at offset: Int? = nil) -> JSONFault {
    JSONFault(reason: reason.description, offset: offset ?? position)
  }

  /// A fault because the text ends here.
  @inline(never)
  func prematureEnd(_ reason: StaticString = "the text ends too early") -> JSONFault {
    JSONFault(reason: reason.description, offset: count, isPremature: true)
  }

  // What is refused on the way of every value is thrown out of line: the code around it stays small.

  @inline(never)
  mutating func refuse(_ reason: StaticString) throws -> Never { throw fault(reason) }

  @inline(never)
  mutating func refuse(expected: StaticString, found byte: UInt8) throws -> Never {
    throw mismatch(expected: expected, found: byte)
  }

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
    if position < count, base[position] > 0x20 { return base[position] }
    return try peekBehindWhitespace()
  }

  @inline(never)
  private mutating func peekBehindWhitespace() throws -> UInt8 {
    skipWhitespace()
    guard position < count else { throw prematureEnd() }
    return base[position]
  }

  /// Consumes `{` and says whether a key follows.
  mutating func beginObject() throws -> Bool {
    try begin(UInt8(ascii: "{"), closing: UInt8(ascii: "}"), "an object")
  }

  /// Consumes `,` or `}` and says whether another key follows.
  mutating func nextInObject() throws -> Bool {
    try next(closing: UInt8(ascii: "}"), "expected ',' or '}'")
  }

  /// Consumes `[` and says whether an element follows.
  mutating func beginArray() throws -> Bool {
    try begin(UInt8(ascii: "["), closing: UInt8(ascii: "]"), "an array")
  }

  /// Consumes `,` or `]` and says whether another element follows.
  mutating func nextInArray() throws -> Bool {
    try next(closing: UInt8(ascii: "]"), "expected ',' or ']'")
  }

  @inline(__always)
  private mutating func begin(_ opening: UInt8, closing: UInt8, _ what: StaticString) throws -> Bool {
    let byte = try peek()
    guard byte == opening else { try refuse(expected: what, found: byte) }
    position &+= 1
    depth &+= 1
    if depth > Self.maximumDepth { try refuseDepth() }
    guard try peek() == closing else { return true }
    position &+= 1
    depth &-= 1
    return false
  }

  @inline(__always)
  private mutating func next(closing: UInt8, _ complaint: StaticString) throws -> Bool {
    let byte = try peek()
    guard byte != UInt8(ascii: ",") else {
      position &+= 1
      return true
    }
    guard byte == closing else { try refuse(complaint) }
    position &+= 1
    depth &-= 1
    return false
  }

  @inline(never)
  mutating func refuseDepth() throws -> Never {
    throw JSONFault(reason: "nesting is deeper than \(Self.maximumDepth)", offset: position)
  }

  /// Consumes the `:` behind a key.
  @inline(__always)
  mutating func expectColon() throws {
    guard try peek() == UInt8(ascii: ":") else { try refuse("expected ':'") }
    position += 1
  }

  /// A fault that says what was expected and what kind of value stands there instead.
  @inline(never)
  func mismatch(expected: StaticString, found byte: UInt8) -> JSONFault {
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
    return JSONFault(reason: "expected \(expected), found \(found)", offset: position)
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
    if byte == UInt8(ascii: "t") {
      try expectLiteral("true")
      return true
    }
    guard byte == UInt8(ascii: "f") else { try refuse(expected: "a boolean", found: byte) }
    try expectLiteral("false")
    return false
  }

  @inline(__always)
  private mutating func expectLiteral(_ literal: StaticString) throws {
    let length = literal.utf8CodeUnitCount
    guard count &- position >= length, equals(literal, at: position) else { try refuse(literal: literal) }
    position &+= length
  }

  /// A fault because a literal does not stand here, or only its beginning.
  @inline(never)
  private mutating func refuse(literal: StaticString) throws -> Never {
    let rest = UnsafeBufferPointer(start: base + position, count: count - position)
    let isCut =
      rest.count < literal.utf8CodeUnitCount
      && rest.elementsEqual(UnsafeBufferPointer(start: literal.utf8Start, count: rest.count))
    throw isCut ? prematureEnd() : JSONFault(reason: "expected \(literal)", offset: position)
  }

  /// Whether the bytes at `offset`, which must be as many as the literal's, are the literal's.
  ///
  /// Compared as words, the last of which overlaps the one before it: of a literal they are constants.
  @inline(__always)
  func equals(_ literal: StaticString, at offset: Int) -> Bool {
    let length = literal.utf8CodeUnitCount
    let expected = UnsafeRawPointer(literal.utf8Start)
    let found = UnsafeRawPointer(base + offset)
    @inline(__always)
    func isSame<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type, at index: Int) -> Bool {
      found.loadUnaligned(fromByteOffset: index, as: type)
        == expected.loadUnaligned(fromByteOffset: index, as: type)
    }
    if length == 2 { return isSame(UInt16.self, at: 0) }
    if length < 4 {
      for index in 0..<length where !isSame(UInt8.self, at: index) { return false }
      return true
    }
    if length < 8 { return isSame(UInt32.self, at: 0) && isSame(UInt32.self, at: length - 4) }
    var index = 0
    while index < length - 8 {
      guard isSame(UInt64.self, at: index) else { return false }
      index += 8
    }
    return isSame(UInt64.self, at: length - 8)
  }

  /// Consumes one value of any kind, as strictly as if it were read.
  package mutating func skipValue() throws {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""): _ = try scanString()
    case UInt8(ascii: "{"):
      var more = try beginObject()
      while more {
        try skipMember()
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
    default: try skipNumber()
    }
  }

  /// Consumes a key and its value.
  @inline(__always)
  mutating func skipMember() throws {
    _ = try scanKey()
    try expectColon()
    try skipValue()
  }
}
