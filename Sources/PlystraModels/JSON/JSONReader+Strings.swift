/// A string of a text: where its characters are, and whether escapes are among them.
package struct JSONString {
  /// Without the quotes.
  let range: Range<Int>
  let isEscaped: Bool
}

extension JSONReader {
  /// Reads a string, at whose opening quote the reader is, checking its escapes and its UTF-8.
  @inline(__always)
  mutating func scanString() throws -> JSONString {
    let start = position + 1
    let end = text.endOfPlainCharacters(from: start)
    guard end < text.count, text[end] == UInt8(ascii: "\"") else {
      return try scanString(from: start, on: end)
    }
    position = end + 1
    return JSONString(range: start..<end, isEscaped: false)
  }

  /// Reads a string that has more in it than plain characters, from the first of those on.
  private mutating func scanString(from start: Int, on firstSpecial: Int) throws -> JSONString {
    var isEscaped = false
    var offset = firstSpecial
    while true {
      switch try byteInString(at: offset) {
      case UInt8(ascii: "\""):
        position = offset + 1
        return JSONString(range: start..<offset, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        offset = try skipEscape(at: offset)
      case 0..<0x20: throw fault("a control character in a string is not escaped", at: offset)
      default: offset = try skipMultibyteCharacter(at: offset)
      }
      offset = text.endOfPlainCharacters(from: offset)
    }
  }

  // MARK: Texts and keys

  /// The text of a string.
  package func string(of string: JSONString) -> String {
    string.isEscaped ? JSONEscape.unescaped(text, string.range) : text.string(in: string.range)
  }

  /// A key as a text that is equal to no other key's, unlike texts that Unicode calls equivalent.
  func name(of key: JSONString) -> [UInt8] { Array(string(of: key).utf8) }

  /// Whether a key is a name, however it is written.
  package func isKey(_ key: JSONString, _ name: StaticString) -> Bool {
    if key.isEscaped { return string(of: key).utf8.elementsEqual(name.description.utf8) }
    return key.range.count == name.utf8CodeUnitCount && text.hasBytes(of: name, at: key.range.lowerBound)
  }

  /// Whether two keys are the same, however they are written.
  func isSame(_ left: JSONString, _ right: JSONString) -> Bool {
    if left.isEscaped || right.isEscaped {
      return string(of: left).utf8.elementsEqual(string(of: right).utf8)
    }
    return left.range.count == right.range.count
      && zip(left.range, right.range).allSatisfy { text[$0] == text[$1] }
  }

  // MARK: Parts of strings

  private func skipEscape(at offset: Int) throws -> Int {
    switch try byteInString(at: offset + 1) {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return offset + 2
    case UInt8(ascii: "u"):
      let unit = try hexUnit(at: offset + 2)
      guard UTF16.isSurrogate(unit) else { return offset + 6 }
      guard UTF16.isLeadSurrogate(unit), try byteInString(at: offset + 6) == UInt8(ascii: "\\"),
        try byteInString(at: offset + 7) == UInt8(ascii: "u"),
        try UTF16.isTrailSurrogate(hexUnit(at: offset + 8))
      else { throw fault("a surrogate stands alone", at: offset) }
      return offset + 12
    default: throw fault("an unknown escape", at: offset)
    }
  }

  /// A byte that the string must have, so that a text cut before it is distinguished from a wrong one.
  private func byteInString(at offset: Int) throws -> UInt8 {
    guard offset < text.count else { throw prematureEnd("a string does not end") }
    return text[offset]
  }

  private func hexUnit(at offset: Int) throws -> UInt16 {
    var unit: UInt16 = 0
    for index in offset..<(offset + 4) {
      guard let digit = JSONEscape.hexDigit(try byteInString(at: index)) else {
        throw fault("an escape needs four hexadecimal digits", at: offset - 2)
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  /// Skips one character of two to four bytes, well-formed by table 3-7 of the Unicode standard.
  private func skipMultibyteCharacter(at offset: Int) throws -> Int {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch text[offset] {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, second.contains(try byteInString(at: offset + 1)) else {
      throw fault("a string is not UTF-8", at: offset)
    }
    for index in (offset + 2)..<(offset + length) where try byteInString(at: index) & 0xC0 != 0x80 {
      throw fault("a string is not UTF-8", at: offset)
    }
    return offset + length
  }
}

/// Replaces the escapes of a string that the reader has found to be right.
enum JSONEscape {
  static func unescaped(_ text: JSONText, _ range: Range<Int>) -> String {
    var units: [UInt16] = []
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    /// Appends the characters of the `\u` escapes so far, two of which may be one character.
    func appendUnits() {
      if units.isEmpty { return }
      bytes += Array(String(decoding: units, as: UTF16.self).utf8)
      units = []
    }
    var offset = range.lowerBound
    while offset < range.upperBound {
      guard text[offset] == UInt8(ascii: "\\") else {
        appendUnits()
        bytes.append(text[offset])
        offset += 1
        continue
      }
      if text[offset + 1] == UInt8(ascii: "u") {
        units.append((offset + 2..<offset + 6).reduce(0) { $0 << 4 | (hexDigit(text[$1]) ?? 0) })
        offset += 6
      } else {
        appendUnits()
        bytes.append(character(of: text[offset + 1]))
        offset += 2
      }
    }
    appendUnits()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The character that a letter after a backslash means.
  private static func character(of letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  static func hexDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - 0x30)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - 0x61 + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - 0x41 + 10)
    default: nil
    }
  }
}
