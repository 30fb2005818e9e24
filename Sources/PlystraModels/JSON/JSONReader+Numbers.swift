extension JSONReader {
  /// A number as it was written: exact where it is an integer within `Int64`, else the nearest `Double`.
  enum Number {
    case integer(Int64)
    case double(Double)
  }

  /// Reads an integer within `Int64`.
  package mutating func readInteger() throws -> Int64 {
    let byte = try peek()
    let start = position
    guard byte == UInt8(ascii: "-") || Self.isDigit(byte) else {
      throw mismatch(expected: "an integer", found: byte)
    }
    guard case .integer(let value) = try readNumber() else {
      throw fault("expected an integer within 64 bits", at: start)
    }
    return value
  }

  /// Reads a number of any form; one whose magnitude exceeds every finite `Double` is refused.
  mutating func readNumber() throws -> Number {
    let (start, decimal) = try scanNumber()
    if let integer = decimal.integer { return .integer(integer) }
    if let value = decimal.double { return .double(value) }
    return .double(try double(from: start))
  }

  /// Consumes a number, as strictly as if it were read.
  mutating func skipNumber() throws {
    let (start, decimal) = try scanNumber()
    if !decimal.isFiniteForSure { _ = try double(from: start) }
  }

  /// Consumes a number, and says where it stands.
  private mutating func scanNumber() throws -> (start: Int, Decimal) {
    let first = try peek()
    let start = position
    var decimal = Decimal(isNegative: first == UInt8(ascii: "-"))
    if decimal.isNegative { position &+= 1 }
    guard position < count else { throw prematureEnd() }
    guard Self.isDigit(base[position]) else {
      throw decimal.isNegative ? fault("expected a digit") : mismatch(expected: "a value", found: first)
    }
    try readIntegerPart(&decimal)
    try readFraction(&decimal)
    try readExponent(&decimal)
    return (start, decimal)
  }

  private mutating func readIntegerPart(_ decimal: inout Decimal) throws {
    if base[position] == UInt8(ascii: "0") {
      position &+= 1
      if position < count, Self.isDigit(base[position]) { throw fault("a number starts with 0") }
    } else {
      readDigits(&decimal)
    }
  }

  private mutating func readFraction(_ decimal: inout Decimal) throws {
    guard position < count, base[position] == UInt8(ascii: ".") else { return }
    decimal.isInteger = false
    position &+= 1
    let start = position
    try expectDigit()
    readDigits(&decimal)
    decimal.exponent = start &- position
  }

  private mutating func readExponent(_ decimal: inout Decimal) throws {
    guard position < count, base[position] | 0x20 == UInt8(ascii: "e") else { return }
    decimal.isInteger = false
    position &+= 1
    var isNegative = false
    if position < count, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
      isNegative = base[position] == UInt8(ascii: "-")
      position &+= 1
    }
    try expectDigit()
    var exponent = 0
    while position < count, Self.isDigit(base[position]) {
      // What is cut here is out of the range of an exact power anyway.
      exponent = min(exponent &* 10 &+ Int(base[position] &- 0x30), 1_000_000)
      position &+= 1
    }
    decimal.exponent &+= isNegative ? 0 &- exponent : exponent
  }

  private func expectDigit() throws {
    guard position < count else { throw prematureEnd() }
    guard Self.isDigit(base[position]) else { throw fault("expected a digit") }
  }

  @inline(__always)
  private mutating func readDigits(_ decimal: inout Decimal) {
    while position < count, Self.isDigit(base[position]) {
      decimal.append(base[position] &- 0x30)
      position &+= 1
    }
  }

  /// The correctly rounded value of the number that stands from `start` to here.
  private func double(from start: Int) throws -> Double {
    let bytes = UnsafeBufferPointer(start: base + start, count: position - start)
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      throw fault("a number is too large", at: start)
    }
    return value
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

/// A decimal number: up to 19 digits, which always fit 64 bits, times a power of ten.
private struct Decimal {
  var isNegative: Bool
  /// Whether it is written without fraction and exponent.
  var isInteger = true
  var digits: UInt64 = 0
  var digitCount = 0
  var exponent = 0

  init(isNegative: Bool) { self.isNegative = isNegative }

  /// Appends a digit; those behind the 19th are counted only.
  @inline(__always)
  mutating func append(_ digit: UInt8) {
    if digitCount < 19 { digits = digits &* 10 &+ UInt64(digit) }
    digitCount &+= 1
  }

  /// The value, if it is written as an integer, within 64 bits and not `-0`.
  var integer: Int64? {
    guard isInteger, digitCount <= 19 else { return nil }
    if !isNegative { return Int64(exactly: digits) }
    return digits == 0 || digits > UInt64(Int64.max) + 1 ? nil : Int64(truncatingIfNeeded: 0 &- digits)
  }

  /// Whether it is so far from what a `Double` can hold at most that nothing has to be computed.
  var isFiniteForSure: Bool { digitCount &+ exponent < 300 }

  /// The powers of ten that a `Double` holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  /// The nearest `Double`, where digits and power are exact ones, so that a single operation rounds it rightly.
  var double: Double? {
    guard digitCount <= 19, digits <= 1 << 53, (-22...22).contains(exponent) else { return nil }
    let magnitude = Double(digits)
    let value = exponent < 0 ? magnitude / Self.powers[0 &- exponent] : magnitude * Self.powers[exponent]
    return isNegative ? -value : value
  }
}
