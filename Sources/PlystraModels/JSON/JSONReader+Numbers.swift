extension JSONReader {
  /// Reads an integer within `Int64`.
  package mutating func readInteger() throws -> Int64 {
    let first = try peek()
    guard first == UInt8(ascii: "-") || Self.isDigit(first) else { throw mismatch(expected: "an integer") }
    let start = position
    guard case .integer(let value) = try readNumber() else {
      throw fault("expected an integer within 64 bits", at: start)
    }
    return value
  }

  /// Reads a number: exact if it is written as an integer within `Int64` other than `-0`, else the nearest `Double`.
  mutating func readNumber() throws -> JSONValue {
    let start = position
    let isInteger = try scanNumber()
    let digits = text.string(in: start..<position)
    if isInteger, digits != "-0", let value = Int64(digits) { return .integer(value) }
    // It is within the range of a Double, as it was scanned.
    return .number(Double(digits) ?? .infinity)
  }

  /// Reads a number, and returns whether it has neither fraction nor exponent.
  mutating func scanNumber() throws -> Bool {
    let start = position
    let isNegative = try peek() == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard position < text.count else { throw prematureEnd() }
    guard Self.isDigit(text[position]) else {
      throw isNegative ? fault("expected a digit") : mismatch(expected: "a value")
    }
    let integerStart = position
    skipDigits()
    if text[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
      throw fault("a number starts with 0", at: integerStart + 1)
    }
    let integerEnd = position
    if isAt(".") {
      position += 1
      try requireDigits()
    }
    let hasExponent = isAt("e") || isAt("E")
    if hasExponent {
      position += 1
      if isAt("+") || isAt("-") { position += 1 }
      try requireDigits()
    }
    // Shorter numbers without exponent are within the range of a Double.
    if hasExponent || position - start > 300 {
      let digits = text.string(in: start..<position)
      guard Double(digits)?.isFinite == true else { throw fault("a number is too large", at: start) }
    }
    return position == integerEnd
  }

  private func isAt(_ character: Unicode.Scalar) -> Bool {
    position < text.count && text[position] == UInt8(ascii: character)
  }

  private mutating func requireDigits() throws {
    guard position < text.count else { throw prematureEnd() }
    guard Self.isDigit(text[position]) else { throw fault("expected a digit") }
    skipDigits()
  }

  private mutating func skipDigits() {
    while position < text.count, Self.isDigit(text[position]) { position += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
