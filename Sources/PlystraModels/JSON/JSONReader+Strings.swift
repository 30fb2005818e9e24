/// Where a string's bytes stand between its quotes, and whether they need unescaping.
struct JSONStringRange {
  var start: Int
  var end: Int
  var content: Content

  /// What a string was found to consist of; right UTF-8 in any case.
  enum Content {
    /// Printable ASCII without escapes.
    case plain
    /// Any characters without escapes.
    case unescaped
    case escaped
  }

  var isEscaped: Bool { content == .escaped }
}

extension JSONReader {
  /// Reads a string.
  package mutating func readString() throws -> String {
    string(in: try scanString())
  }

  /// Reads a string; `null` and an empty one are nil.
  @inline(__always)
  mutating func readNonEmptyString() throws -> String? {
    if !isAtQuote, try readNull() { return nil }
    let range = try scanString()
    return range.start == range.end ? nil : string(in: range)
  }

  /// The text of a scanned string.
  @inline(__always)
  mutating func string(in range: JSONStringRange) -> String {
    let length = range.end &- range.start
    if range.content == .plain, length <= CheckedText.longestShort, count &- range.start >= 16 {
      return CheckedText.short(at: UnsafeRawPointer(base + range.start), length: length)
    }
    return longString(in: range)
  }

  @inline(never)
  private mutating func longString(in range: JSONStringRange) -> String {
    if range.isEscaped { return unescaped(range) }
    let length = range.end &- range.start
    if recentTexts.isOn, length >= RecentTexts.shortest {
      return recentTexts.text(base, start: range.start, length: length)
    }
    let bytes = UnsafeBufferPointer(start: base + range.start, count: length)
    return CheckedText.text(of: bytes, isASCII: range.content == .plain)
  }

  /// Gives the text of a scanned string to `body` as bytes.
  @inline(__always)
  func withBytes<Result>(
    of range: JSONStringRange, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if range.isEscaped { return Array(unescaped(range).utf8).withUnsafeBufferPointer(body) }
    return body(UnsafeBufferPointer(start: base + range.start, count: range.end &- range.start))
  }

  @inline(__always)
  var isAtQuote: Bool { position < count && base[position] == UInt8(ascii: "\"") }

  /// Consumes a key, which must be next.
  @inline(__always)
  mutating func scanKey() throws -> JSONStringRange {
    guard try isAtQuote || peek() == UInt8(ascii: "\"") else { try refuse("expected a key in quotes") }
    return try scanString()
  }

  /// Consumes a string, checking its escapes and its UTF-8.
  @inline(__always)
  mutating func scanString() throws -> JSONStringRange {
    if !isAtQuote { try moveToQuote() }
    let start = position &+ 1
    let end = endOfPlainCharacters(from: start)
    if end < count, base[end] == UInt8(ascii: "\"") {
      position = end &+ 1
      return JSONStringRange(start: start, end: end, content: .plain)
    }
    position = end
    return try scanRemainder(ofStringFrom: start)
  }

  @inline(never)
  private mutating func moveToQuote() throws {
    let byte = try peek()
    guard byte == UInt8(ascii: "\"") else { try refuse(expected: "a string", found: byte) }
  }

  /// Consumes the rest of a string that has more in it than plain characters.
  @inline(never)
  private mutating func scanRemainder(ofStringFrom start: Int) throws -> JSONStringRange {
    var content = JSONStringRange.Content.unescaped
    while true {
      position = endOfPlainCharacters(from: position)
      guard position < count else { throw prematureEnd("a string does not end") }
      switch base[position] {
      case UInt8(ascii: "\""):
        position += 1
        return JSONStringRange(start: start, end: position - 1, content: content)
      case UInt8(ascii: "\\"):
        content = .escaped
        try checkEscape()
      case 0..<0x20:
        throw fault("a control character in a string is not escaped")
      default:
        try skipMultibyteCharacter()
      }
    }
  }

  /// Where a run of printable ASCII other than quote and backslash ends, looked at eight bytes at a time.
  @inline(__always)
  private func endOfPlainCharacters(from start: Int) -> Int {
    var index = start
    let last = count &- 8
    while index <= last {
      // `index + 8 <= count`, so the load stays inside the bytes.
      let special = Self.special(UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      if special != 0 { return index &+ special.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < count {
      let byte = base[index]
      if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return index }
      index &+= 1
    }
    return index
  }

  /// Marks the top bit of the first byte of eight that is no printable ASCII, or is a quote or backslash.
  ///
  /// Borrows may mark bytes behind the first one by mistake, never before it.
  @inline(__always)
  private static func special(_ bytes: UInt64) -> UInt64 {
    let word = UInt64(littleEndian: bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    return (word | (word &- ones &* 0x20) | ((word ^ ones &* 0x22) &- ones) | ((word ^ ones &* 0x5C) &- ones))
      & tops
  }

  private mutating func checkEscape() throws {
    switch try byteInString(at: position + 1) {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
      position += 2
    case UInt8(ascii: "u"):
      let unit = try hexUnit(at: position + 2)
      guard unit & 0xF800 == 0xD800 else {
        position += 6
        return
      }
      guard unit < 0xDC00, try byteInString(at: position + 6) == UInt8(ascii: "\\"),
        try byteInString(at: position + 7) == UInt8(ascii: "u"),
        try hexUnit(at: position + 8) & 0xFC00 == 0xDC00
      else { throw fault("a surrogate stands alone") }
      position += 12
    default:
      throw fault("an unknown escape")
    }
  }

  /// A byte that the string must have, so that a text cut before it is told from a wrong one.
  @inline(__always)
  private func byteInString(at offset: Int) throws -> UInt8 {
    guard offset < count else { throw prematureEnd("a string does not end") }
    return base[offset]
  }

  private func hexUnit(at offset: Int) throws -> UInt32 {
    var unit: UInt32 = 0
    for index in offset..<(offset + 4) {
      guard let digit = Self.hexDigit(try byteInString(at: index)) else {
        throw fault("an escape needs four hexadecimal digits")
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 0x30)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - 0x61 + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - 0x41 + 10)
    default: nil
    }
  }

  /// Consumes one character of two to four bytes, well-formed by table 3-7 of the Unicode standard.
  private mutating func skipMultibyteCharacter() throws {
    let lead = base[position]
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, second.contains(try byteInString(at: position + 1)) else {
      throw fault("a string is not UTF-8")
    }
    for index in (position + 2)..<(position + length) where try byteInString(at: index) & 0xC0 != 0x80 {
      throw fault("a string is not UTF-8")
    }
    position += length
  }

  /// The text of a string whose escapes `scanString` found to be right.
  @inline(never)
  private func unescaped(_ range: JSONStringRange) -> String {
    // An escape is always longer than its character, so that the text fits.
    String(unsafeUninitializedCapacity: range.end - range.start) { text in
      var length = 0
      var index = range.start
      while index < range.end {
        let byte = base[index]
        index &+= 1
        if byte == UInt8(ascii: "\\") {
          for unit in unescape(at: &index) {
            text[length] = unit
            length &+= 1
          }
        } else {
          text[length] = byte
          length &+= 1
        }
      }
      return length
    }
  }

  /// The character of an escape, behind whose backslash `index` stands and which it then is behind.
  @inline(__always)
  private func unescape(at index: inout Int) -> Unicode.Scalar.UTF8View {
    let letter = base[index]
    index &+= 1
    let scalar: Unicode.Scalar
    switch letter {
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"): scalar = unescapeUnicode(at: &index)
    default: scalar = Unicode.Scalar(letter)
    }
    return scalar.utf8
  }

  /// The character of the hexadecimal digits at `index`, and those of a second surrogate.
  private func unescapeUnicode(at index: inout Int) -> Unicode.Scalar {
    func unit(_ start: Int) -> UInt32 {
      (start..<(start + 4)).reduce(0) { $0 << 4 | (Self.hexDigit(base[$1]) ?? 0) }
    }
    var code = unit(index)
    index &+= 4
    if code & 0xF800 == 0xD800 {
      code = 0x10000 + (code & 0x3FF) << 10 + unit(index + 2) & 0x3FF
      index &+= 6
    }
    return Unicode.Scalar(code) ?? "\u{FFFD}"
  }
}
