import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Timestamps are RFC 3339, exact to the microsecond")
struct TimestampTests {
  /// Seconds from 1970, by the calendar of the standard library's own reading where it has one.
  @Test(
    "the moment that a text names",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2001-01-01T00:00:00Z", 978_307_200),
      ("2026-05-06T00:15:00Z", 1_778_026_500),
      ("2026-05-06t00:15:00z", 1_778_026_500), ("2026-05-06 00:15:00Z", 1_778_026_500),
      ("2026-05-06T02:15:00+02:00", 1_778_026_500), ("2026-05-05T18:45:00-05:30", 1_778_026_500),
      ("2026-05-06T00:15:00-00:00", 1_778_026_500), ("2026-05-07T00:14:00+23:59", 1_778_026_500),
      ("2024-02-29T12:00:00Z", 1_709_208_000), ("2000-02-29T00:00:00Z", 951_782_400),
      ("2000-03-01T00:00:00Z", 951_868_800), ("1900-02-28T23:59:59Z", -2_203_891_201),
      ("1900-03-01T00:00:00Z", -2_203_891_200), ("1969-12-31T23:59:59Z", -1),
      ("1600-02-29T00:00:00Z", -11_670_998_400),
      ("0001-01-01T00:00:00Z", -62_135_596_800), ("0000-01-01T00:00:00Z", -62_167_219_200),
      ("0000-02-29T00:00:00Z", -62_162_121_600), ("9999-12-31T23:59:59Z", 253_402_300_799),
      ("2016-12-31T23:59:60Z", 1_483_228_800), ("2100-02-28T00:00:00Z", 4_107_456_000),
      ("2100-03-01T00:00:00Z", 4_107_542_400), ("2026-12-31T23:30:00-01:00", 1_798_763_400),
    ] as [(String, Double)])
  func moment(text: String, seconds: Double) throws {
    #expect(try #require(Timestamp.date(from: text)).timeIntervalSince1970 == seconds)
  }

  @Test("fractions of one to nine digits, cut to the microsecond")
  func fractions() throws {
    for (text, micros) in [
      (".1", 100_000), (".12", 120_000), (".123", 123_000), (".1234", 123_400), (".12345", 123_450),
      (".123456", 123_456), (".1234567", 123_456), (".12345678", 123_456), (".123456789", 123_456),
      (".000001", 1), (".999999999", 999_999), (".0", 0), (".000000000", 0), (".0000009", 0),
    ] {
      let date = try #require(Timestamp.date(from: "2026-05-06T00:15:00\(text)Z"))
      #expect(Timestamp.text(of: date) == "2026-05-06T00:15:00" + fraction(micros) + "Z")
      #expect(Timestamp.date(from: "2026-05-06T00:15:00\(text)+00:00") == date)
    }
  }

  private func fraction(_ micros: Int) -> String {
    micros == 0 ? "" : "." + String(repeating: "0", count: 6 - String(micros).count) + String(micros)
  }

  @Test(
    "what a text says comes back to the microsecond, over 250 years either way of 2001",
    arguments: [1, 2] as [UInt64])
  func microseconds(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<rounds(20_000) {
      let second = Int.random(in: -7_889_238_000...7_889_238_000, using: &random)
      let micros = Int.random(in: 0..<1_000_000, using: &random)
      let whole = Timestamp.text(of: Date(timeIntervalSinceReferenceDate: Double(second)))
      let text = whole.dropLast() + fraction(micros) + "Z"
      let date = try #require(Timestamp.date(from: String(text)))
      #expect(Timestamp.text(of: date) == text)
    }
  }

  @Test("every day of 400 years follows the one before it")
  func everyDay() throws {
    var previous = try #require(Timestamp.date(from: "1803-12-31T00:00:00Z"))
    let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for year in 1804..<2204 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for month in 1...12 {
        let days = months[month - 1] + (month == 2 && isLeap ? 1 : 0)
        for day in 1...days {
          let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
          let date = try #require(Timestamp.date(from: text))
          #expect(date == previous.addingTimeInterval(86_400))
          #expect(Timestamp.text(of: date) == text)
          previous = date
        }
        let beyond = "\(year)-\(month < 10 ? "0" : "")\(month)-\(days + 1)T00:00:00Z"
        #expect(Timestamp.date(from: beyond) == nil)
      }
    }
  }

  @Test("another calendar agrees", arguments: [3, 4] as [UInt64])
  func agreesWithFoundation(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<rounds(2_000) {
      // From 1600, before which Foundation's style may count days by the Julian calendar.
      let date = Date(
        timeIntervalSinceReferenceDate: Double(
          Int.random(in: -12_622_780_800...252_423_993_599, using: &random)))
      #expect(Timestamp.text(of: date) == date.formatted(.iso8601))
      #expect(Timestamp.date(from: date.formatted(.iso8601)) == date)
    }
  }

  @Test(
    "what is not a timestamp is refused",
    arguments: [
      "", " ", "2026", "2026-05-06", "2026-05-06T00:15Z", "2026-05-06T00:15:00", "2026-05-06T00:15:00 Z",
      "2026-05-06T00:15:00+0200", "2026-05-06T00:15:00+02", "2026-05-06T00:15:00+2:00",
      "2026-05-06T00:15:00+24:00",
      "2026-05-06T00:15:00+02:60", "2026-05-06T00:15:00.Z", "2026-05-06T00:15:00.1234567890Z",
      "2026-05-06T00:15:00,5Z", "2026-05-06T24:00:00Z", "2026-05-06T23:60:00Z", "2026-05-06T23:59:61Z",
      "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
      "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
      "26-05-06T00:15:00Z", "12026-05-06T00:15:00Z", "-2026-05-06T00:15:00Z", "+2026-05-06T00:15:00Z",
      "2026-5-6T00:15:00Z", "2026/05/06T00:15:00Z", "2026-05-06_00:15:00Z", "20260506T001500Z", "1778026500",
      "2026-05-06T00:15:00ZZ", "2026-05-06T00:15:00Z ", " 2026-05-06T00:15:00Z", "2026-05-06T00:15:00Z\u{0}",
      "２０２６-05-06T00:15:00Z", "2026-05-06T00:15:00−02:00", "2026-05-06T00:15:00+02:00[Europe/Paris]",
      "Wed, 06 May 2026 00:15:00 GMT", "now", "null", "2026-W19-3T00:15:00Z", "2026-126T00:15:00Z",
      "2026-05-06T00:15:00.-5Z", "2026-05-06T00:15:00.5", "2026-05-06T00:15:00UTC",
    ])
  func refusals(text: String) {
    #expect(Timestamp.date(from: text) == nil)
  }

  @Test("a field that holds no timestamp is refused by name and without its text")
  func field() throws {
    for value in ["\"soon\"", "5", "true", "{}", "\"2026-02-30T00:00:00Z\""] {
      let error = try #require(failure { _ = try ActorSession(parsing: "{\"expires_at\":\(value)}".utf8) })
      #expect(error.path == "expires_at")
      #expect(!error.description.contains("soon") && !error.description.contains("2026-02-30"))
    }
    for blank in ["null", "\"\""] {
      #expect(try ActorSession(parsing: "{\"expires_at\":\(blank)}".utf8).expiresAt == nil)
      let row = "{\"id\":\"a\",\"decision\":\"deny\",\"created_at\":\(blank)}"
      #expect(failure { _ = try AuditLogEntry(parsing: row.utf8) }?.path == "created_at")
    }
  }

  @Test("a moment is written in UTC, with six digits or none")
  func printing() {
    func text(_ seconds: Double) -> String {
      Timestamp.text(of: Date(timeIntervalSinceReferenceDate: seconds))
    }
    #expect(text(0) == "2001-01-01T00:00:00Z")
    #expect(text(0.5) == "2001-01-01T00:00:00.500000Z")
    #expect(text(-0.000001) == "2000-12-31T23:59:59.999999Z")
    #expect(text(0.0000004) == "2001-01-01T00:00:00Z")
    #expect(text(0.9999996) == "2001-01-01T00:00:01Z")
    #expect(text(-86_400) == "2000-12-31T00:00:00Z")
  }

  @Test("a moment that RFC 3339 cannot express is written as the nearest that it can")
  func outOfRange() throws {
    for seconds in [Double.infinity, 1e300, 252_423_993_600, 3e11] {
      let text = Timestamp.text(of: Date(timeIntervalSinceReferenceDate: seconds))
      #expect(text == "9999-12-31T23:59:59.999999Z")
    }
    for seconds in [-Double.infinity, -1e300, -63_145_526_400.001, -1e12] {
      #expect(Timestamp.text(of: Date(timeIntervalSinceReferenceDate: seconds)) == "0000-01-01T00:00:00Z")
    }
    for text in ["0000-01-01T00:00:00Z", "0000-02-29T12:00:00Z", "9999-12-31T23:59:59.500000Z"] {
      #expect(try Timestamp.text(of: #require(Timestamp.date(from: text))) == text)
    }
  }

  @Test("a moment that is not a number is refused, not sent as another one")
  func notANumber() throws {
    let nowhere = Date(timeIntervalSinceReferenceDate: .nan)
    let error = try #require(failure { _ = try AuditQuery(createdAtFrom: nowhere).parameters() })
    #expect(error.path == "created_at_from")
    #expect(error.reason == "a date is not a number")
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(AuditQuery(createdAtTo: nowhere)) }
  }
}
