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
    var text = text
    return text.withUTF8 { date(from: $0) }
  }

  /// As ``date(from:)-(String)``, of a text's bytes.
  static func date(from text: UnsafeBufferPointer<UInt8>) -> Date? {
    var parser = TimestampParser(text: text)
    guard let moment = parser.moment(), (1...12).contains(moment.month),
      (1...daysInMonth(moment.month, of: moment.year)).contains(moment.day), moment.hour < 24,
      moment.minute < 60, moment.second <= 60
    else { return nil }
    let days = dayNumber(year: moment.year, month: moment.month, day: moment.day) - referenceDay
    let seconds =
      days * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second - moment.offset
    if moment.micros == 0 { return Date(timeIntervalSinceReferenceDate: Double(seconds)) }
    return Date(timeIntervalSinceReferenceDate: (Double(seconds) * 1e6 + Double(moment.micros)) / 1e6)
  }

  /// The timestamp of a moment, in UTC, with six fractional digits unless they are all zero.
  ///
  /// Moments outside the years 0 to 9999 are written as the nearest that RFC 3339 can express.
  package static func text(of date: Date) -> String { String(decoding: bytes(of: date), as: UTF8.self) }

  /// As ``text(of:)``, in bytes.
  static func bytes(of date: Date) -> [UInt8] {
    let (seconds, micros) = wholeSeconds(date.timeIntervalSinceReferenceDate)
    let (days, time) = floorDivide(seconds, 86_400)
    let (year, month, day) = civilDate(dayNumber: days + referenceDay)
    var text = Array("0000-00-00T00:00:00".utf8)
    text.reserveCapacity(27)
    set(year, digits: 4, at: 0, of: &text)
    set(month, digits: 2, at: 5, of: &text)
    set(day, digits: 2, at: 8, of: &text)
    set(time / 3_600, digits: 2, at: 11, of: &text)
    set(time / 60 % 60, digits: 2, at: 14, of: &text)
    set(time % 60, digits: 2, at: 17, of: &text)
    if micros != 0 {
      text += Array(".000000".utf8)
      set(micros, digits: 6, at: 20, of: &text)
    }
    text.append(UInt8(ascii: "Z"))
    return text
  }

  /// Writes a number over as many digits of a text.
  private static func set(_ value: Int, digits: Int, at start: Int, of text: inout [UInt8]) {
    var rest = value
    for index in (start..<(start + digits)).reversed() {
      text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
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
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension Date: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Date {
    let start = reader.position
    guard let date = try readOptional(from: &reader) else {
      throw reader.fault("expected a timestamp", at: start)
    }
    return date
  }

  /// Reads a timestamp; `""` and `null` mean none.
  package static func readOptional(from reader: inout JSONReader) throws -> Date? {
    _ = try reader.peek()
    let start = reader.position
    guard let text = try reader.readText() else { return nil }
    guard let date = Timestamp.date(from: text) else {
      throw reader.fault("expected a timestamp such as 2026-05-06T00:15:00Z", at: start)
    }
    return date
  }

  package func write(to writer: inout JSONWriter) {
    if timeIntervalSinceReferenceDate.isNaN { return writer.fail("a date is not a number") }
    writer.write(Timestamp.text(of: self))
  }
}
