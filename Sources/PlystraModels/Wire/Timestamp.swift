#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Reads and writes RFC 3339 timestamps, exact to the microsecond.
package enum Timestamp {
  /// Days from 0000-03-01 to 2001-01-01, the day that `Date` counts from.
  private static let referenceDay = 730_791
  /// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds from that day.
  private static let earliest = -63_145_526_400.0
  private static let latest = 252_423_993_599.0

  /// The moment that a timestamp names, or nil if it is not one: `2026-05-06T00:15:00Z`, with up to 9 fractional
  /// digits, and `Z` or an offset such as `+02:00`.
  package static func date(from text: String) -> Date? {
    var parser = Parser(text: Array(text.utf8))
    guard let year = parser.digits(4), parser.skip("-"), let month = parser.digits(2), parser.skip("-"),
      let day = parser.digits(2), parser.skip("T") || parser.skip("t") || parser.skip(" "),
      let hour = parser.digits(2), parser.skip(":"), let minute = parser.digits(2), parser.skip(":"),
      let second = parser.digits(2), let micros = parser.fraction(), let offset = parser.offset(),
      parser.isAtEnd, (1...12).contains(month), (1...daysInMonth(month, of: year)).contains(day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = dayNumber(year: year, month: month, day: day) - referenceDay
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return Date(timeIntervalSinceReferenceDate: (Double(seconds) * 1e6 + Double(micros)) / 1e6)
  }

  /// The timestamp of a moment, in UTC, with six fractional digits unless they are all zero.
  ///
  /// Moments outside the years 0 to 9999 are written as the nearest that RFC 3339 can express.
  package static func text(of date: Date) -> String {
    let (seconds, micros) = wholeSeconds(date.timeIntervalSinceReferenceDate)
    let (days, time) = floorDivide(seconds, 86_400)
    let (year, month, day) = civilDate(dayNumber: days + referenceDay)
    var text = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
    text += "T" + pad(time / 3_600, 2) + ":" + pad(time / 60 % 60, 2) + ":" + pad(time % 60, 2)
    if micros != 0 { text += "." + pad(micros, 6) }
    return text + "Z"
  }

  /// An interval as seconds and microseconds, within what RFC 3339 can express; one that is not a number as 0.
  ///
  /// The fraction is taken first, since it is exact, and a product of the whole interval would not be.
  private static func wholeSeconds(_ interval: Double) -> (seconds: Int, micros: Int) {
    let whole = interval.rounded(.down)
    if interval.isNaN { return (0, 0) }
    if whole < earliest { return (Int(earliest), 0) }
    if whole > latest { return (Int(latest), 999_999) }
    let micros = Int(((interval - whole) * 1e6).rounded())
    if micros < 1_000_000 { return (Int(whole), micros) }
    return whole < latest ? (Int(whole) + 1, 0) : (Int(latest), 999_999)
  }

  // MARK: Calendar

  /// Days since 0000-03-01: years are counted from March, so that the leap day is their last.
  private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  }

  private static func civilDate(dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = floorDivide(dayNumber, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = (monthFromMarch + 2) % 12 + 1
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func floorDivide(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = ((value % divisor) + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }

  private static func pad(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private struct Parser {
    let text: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == text.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func digit() -> Int? {
      guard position < text.count, (0x30...0x39).contains(text[position]) else { return nil }
      position += 1
      return Int(text[position - 1]) - 0x30
    }

    mutating func digits(_ count: Int) -> Int? {
      var value = 0
      for _ in 0..<count {
        guard let digit = digit() else { return nil }
        value = value * 10 + digit
      }
      return value
    }

    /// The fraction of a second in microseconds, further digits cut; 0 if there is none.
    mutating func fraction() -> Int? {
      guard skip(".") else { return 0 }
      var value = 0
      var count = 0
      while let digit = digit() {
        count += 1
        if count <= 6 { value = value * 10 + digit }
      }
      guard (1...9).contains(count) else { return nil }
      for _ in min(count, 6)..<6 { value *= 10 }
      return value
    }

    /// The offset from UTC in seconds.
    mutating func offset() -> Int? {
      if skip("Z") || skip("z") { return 0 }
      let isNegative = skip("-")
      guard isNegative || skip("+"), let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24,
        minutes < 60
      else { return nil }
      return (isNegative ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
  }
}

extension Date: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Date {
    guard let date = try readOptional(from: &reader) else { throw reader.fault("expected a timestamp") }
    return date
  }

  /// Reads a timestamp; `""` and `null` mean none.
  package static func readOptional(from reader: inout JSONReader) throws -> Date? {
    if try reader.readNull() { return nil }
    let start = reader.position
    let text = try reader.readString()
    if text.isEmpty { return nil }
    guard let date = Timestamp.date(from: text) else {
      throw reader.fault("expected a timestamp such as 2026-05-06T00:15:00Z", at: start)
    }
    return date
  }

  package func write(to writer: inout JSONWriter) throws {
    if timeIntervalSinceReferenceDate.isNaN { throw writer.fault("a date is not a number") }
    writer.write(Timestamp.text(of: self))
  }
}
