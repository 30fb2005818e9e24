// The only file of this module that uses unsafe pointers.

/// The bytes of a JSON text while it is read.
///
/// The pointer is valid because a value exists only during ``read(_:_:)``, which keeps the bytes alive and unmoved, and
/// because every access is checked against `count`.
struct JSONText {
  private let base: UnsafePointer<UInt8>
  let count: Int

  /// Calls `body` with a text.
  static func read<Result>(_ bytes: [UInt8], _ body: (JSONText) throws -> Result) throws -> Result {
    try bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else {
        throw JSONError(reason: "the text is empty", offset: 0)
      }
      return try body(JSONText(base: base, count: buffer.count))
    }
  }

  /// The byte at an offset, which must be less than `count`.
  subscript(offset: Int) -> UInt8 {
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: count))
    return base[offset]
  }

  private func buffer(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  func bytes(in range: Range<Int>) -> [UInt8] { Array(buffer(range)) }

  /// The text in a range; what is not UTF-8 in it is replaced.
  func string(in range: Range<Int>) -> String { String(decoding: buffer(range), as: UTF8.self) }

  /// Whether the bytes from an offset on are those of a literal.
  @inline(__always)
  func hasBytes(of literal: StaticString, at start: Int) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard start >= 0, length <= count - start else { return false }
    let bytes = UnsafeRawPointer(base + start)
    let other = UnsafeRawPointer(literal.utf8Start)
    var index = 0
    while index < length - 8 {
      guard Self.isSameWord(bytes, other, at: index) else { return false }
      index += 8
    }
    // The last eight bytes, which may overlap the ones before them.
    if length >= 8 { return Self.isSameWord(bytes, other, at: length - 8) }
    while index < length {
      guard
        bytes.load(fromByteOffset: index, as: UInt8.self) == other.load(fromByteOffset: index, as: UInt8.self)
      else { return false }
      index += 1
    }
    return true
  }

  private static func isSameWord(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, at index: Int) -> Bool {
    left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      == right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  /// The end of the run of printable ASCII, quotes and backslashes excepted, that begins at an offset.
  ///
  /// Looks at eight bytes at a time, which halves the time that scanning takes.
  func endOfPlainCharacters(from start: Int) -> Int {
    precondition(start >= 0)
    var index = start
    while index <= count - 8 {
      let special = Self.special(UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      if special != 0 { return index + special.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count, Self.isPlain(base[index]) { index += 1 }
    return index
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Sets the top bit of the first of eight bytes that is not plain; later bits mean nothing.
  private static func special(_ bytes: UInt64) -> UInt64 {
    let word = UInt64(littleEndian: bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let controls = word &- ones &* 0x20
    let quotes = (word ^ ones &* 0x22) &- ones
    let backslashes = (word ^ ones &* 0x5C) &- ones
    return (word | controls | quotes | backslashes) & (ones &* 0x80)
  }
}

/// The bytes that a writer has written.
///
/// The memory is valid because `count <= capacity` always, nothing is written without ``reserve(_:)`` before it, and
/// nobody else has the pointer.
struct JSONBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// A copy of what has been written.
  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  private mutating func reserve(_ length: Int) {
    if capacity - count < length { grow(by: length) }
  }

  private mutating func grow(by length: Int) {
    let larger = max(capacity * 2, count + length)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memory.update(from: base, count: count)
    base.deallocate()
    base = memory
    capacity = larger
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  mutating func append(_ literal: StaticString) {
    append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends a text as it is.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  /// Appends a key that needs no escapes, in quotes, with a comma before it if one is due, and its colon.
  mutating func append(key: StaticString, needsComma: Bool) {
    let length = key.utf8CodeUnitCount
    reserve(length + 4)
    var target = base + count
    if needsComma {
      target[0] = UInt8(ascii: ",")
      target += 1
    }
    target[0] = UInt8(ascii: "\"")
    (target + 1).update(from: key.utf8Start, count: length)
    target[length + 1] = UInt8(ascii: "\"")
    target[length + 2] = UInt8(ascii: ":")
    count += length + (needsComma ? 4 : 3)
  }

  /// Appends a text in quotes, unless one of its characters needs an escape.
  ///
  /// - Returns: whether it did.
  mutating func append(quoted text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { bytes in
      reserve(bytes.count + 2)
      let target = base + count
      if let source = bytes.baseAddress, bytes.count > 0 {
        guard Self.copyPlain(UnsafeRawPointer(source), to: UnsafeMutableRawPointer(target + 1), bytes.count)
        else { return false }
      }
      target[0] = UInt8(ascii: "\"")
      target[bytes.count + 1] = UInt8(ascii: "\"")
      count += bytes.count + 2
      return true
    } ?? false
  }

  /// Copies bytes, eight at a time, the last eight of which overlap the ones before them; stops at one that needs an
  /// escape, and says so.
  private static func copyPlain(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ length: Int)
    -> Bool
  {
    guard length >= 8 else {
      for index in 0..<length {
        let byte = source.load(fromByteOffset: index, as: UInt8.self)
        if needsEscape(byte) { return false }
        target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      }
      return true
    }
    var index = 0
    while true {
      let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if needsEscape(word) { return false }
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      if index == length - 8 { return true }
      index = min(index + 8, length - 8)
    }
  }

  static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Whether any of eight bytes needs an escape.
  private static func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let controls = (word &- ones &* 0x20) & ~word
    return (controls | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)) & (ones &* 0x80)
      != 0
  }
}
