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
    let first = try peek()
    let start = position
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard position < count else { throw prematureEnd() }
    guard Self.isDigit(base[position]) else {
      throw isNegative ? fault("expected a digit") : mismatch(expected: "a value", found: first)
    }
    let (magnitude, fits) = try readIntegerPart()
    let hasFraction = try skipFraction()
    let hasExponent = try skipExponent()
    if !hasFraction, !hasExponent, fits {
      if isNegative, magnitude == 0 { return .double(-0.0) }
      if isNegative, magnitude <= UInt64(Int64.max) + 1 {
        return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
      if !isNegative, magnitude <= UInt64(Int64.max) { return .integer(Int64(magnitude)) }
    }
    return .double(try double(from: start))
  }

  /// Consumes digits, and says whether their value fits `UInt64`.
  private mutating func readIntegerPart() throws -> (magnitude: UInt64, fits: Bool) {
    if base[position] == UInt8(ascii: "0") {
      position += 1
      if position < count, Self.isDigit(base[position]) { throw fault("a number starts with 0") }
      return (0, true)
    }
    var magnitude: UInt64 = 0
    var fits = true
    while position < count, Self.isDigit(base[position]) {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(base[position] &- 0x30))
      fits = fits && !overflow && !carry
      magnitude = sum
      position += 1
    }
    return (magnitude, fits)
  }

  private mutating func skipFraction() throws -> Bool {
    guard position < count, base[position] == UInt8(ascii: ".") else { return false }
    position += 1
    try skipDigits()
    return true
  }

  private mutating func skipExponent() throws -> Bool {
    guard position < count, base[position] | 0x20 == UInt8(ascii: "e") else { return false }
    position += 1
    if position < count, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
      position += 1
    }
    try skipDigits()
    return true
  }

  private mutating func skipDigits() throws {
    guard position < count else { throw prematureEnd() }
    guard Self.isDigit(base[position]) else { throw fault("expected a digit") }
    while position < count, Self.isDigit(base[position]) { position += 1 }
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
