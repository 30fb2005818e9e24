import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Numbers are read exactly or refused")
struct JSONNumberTests {
  @Test(
    "integers within 64 bits are exact",
    arguments: [
      ("0", 0), ("7", 7), ("-1", -1), ("10", 10), ("9007199254740993", 9_007_199_254_740_993),
      ("-9007199254740993", -9_007_199_254_740_993), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min), ("-9223372036854775807", -Int64.max),
    ])
  func integer(text: String, expected: Int64) throws {
    #expect(try json(text) == .integer(expected))
    #expect(try json(" [\(text)] ") == .array([.integer(expected)]))
  }

  @Test("minus zero keeps its sign, which an integer could not")
  func minusZero() throws {
    for text in ["-0", "-0.0", "-0e5"] {
      let number = try #require(json(text).doubleValue)
      #expect(number == 0 && number.sign == .minus)
      #expect(try json(text) == .number(-0.0))
      #expect(try json(text) != .integer(0))
    }
    #expect(try JSONValue(parsing: JSONValue.number(-0.0).serialized()).doubleValue?.sign == .minus)
  }

  @Test(
    "other numbers are the nearest Double",
    arguments: [
      ("1.10", 1.10), ("1.0", 1), ("1e2", 100), ("1E+2", 100), ("1e-2", 0.01), ("0.1", 0.1), ("0e0", 0),
      ("123456789.125", 123_456_789.125), ("5e-324", .leastNonzeroMagnitude),
      ("2.2250738585072014e-308", 0x1p-1022),
      ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("0.30000000000000004", 0.1 + 0.2),
      ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
      ("9007199254740993.0", 9_007_199_254_740_992),
    ])
  func number(text: String, expected: Double) throws {
    #expect(try json(text) == .number(expected))
    #expect(try json("-\(text)") == .number(-expected))
  }

  @Test(
    "an integer beyond 64 bits becomes a number",
    arguments: [
      ("9223372036854775808", 0x1p63), ("-9223372036854775809", -0x1p63), ("18446744073709551616", 0x1p64),
      ("18446744073709551615", 0x1p64), ("100000000000000000000000", 1e23),
      ("36893488147419103233", 0x1p65),
    ])
  func integerBeyond64Bits(text: String, expected: Double) throws {
    #expect(try json(text) == .number(expected))
  }

  @Test("a number too small for a Double is zero")
  func underflow() throws {
    #expect(try json("1e-400") == .number(0))
    #expect(try json("-1e-400").doubleValue?.sign == .minus)
  }

  @Test(
    "a number too large for a Double is refused, also where it is skipped",
    arguments: [
      "1e400", "-1e400", "1.7976931348623159e308", "1e999999999999", String(repeating: "9", count: 400),
    ])
  func overflow(text: String) throws {
    let error = try #require(refusal(of: "{\"a\":[0,\(text)]}"))
    #expect(error.reason == "a number is too large")
    #expect(error.path == "a[1]")
    #expect(error.offset == 8)
    #expect(throws: JSONError.self) {
      try Envelope<Health>(parsing: "{\"data\":{\"status\":\"ok\",\"unknown\":\(text)}}".utf8)
    }
  }

  @Test(
    "what is not a number by the grammar is refused",
    arguments: [
      "+1", ".5", "1.", "1.e5", "-", "--1", "-.5", "01", "-01", "00", "1e", "1e+", "1E-", "1.5e", "0x10",
      "1_000",
      "NaN", "nan", "Infinity", "-Infinity", "inf", "1,5", "1.2.3", "1e5.5", "٣", "１", "1f", "0b1", "1 2",
      "- 1",
      "1\u{0}",
    ])
  func notANumber(text: String) {
    #expect(refusal(of: text) != nil)
    #expect(refusal(of: "[\(text)]") != nil || text == "1,5")
    #expect(refusal(of: "{\"a\":\(text)}") != nil)
  }

  @Test(
    "what is wrong with a number is said",
    arguments: [
      ("01", "a number starts with 0"), ("-00", "a number starts with 0"), ("1.x", "expected a digit"),
      ("-x", "expected a digit"), ("1ex", "expected a digit"),
      ("+1", "expected a value, found something that is not JSON"),
    ])
  func reasons(text: String, reason: String) {
    #expect(refusal(of: "[\(text)]")?.reason == reason)
  }

  @Test("an integer field takes nothing but an integer within 64 bits")
  func integerField() throws {
    func limit(_ text: String) throws -> Int? { try AuditQuery(parsing: "{\"limit\":\(text)}".utf8).limit }
    #expect(try limit("200") == 200)
    #expect(try limit("-9223372036854775808") == Int.min)
    #expect(try limit("null") == nil)
    for text in ["1.5", "1e2", "9223372036854775808", "\"1\"", "true", "[1]", "{}"] {
      #expect(failure { _ = try limit(text) }?.path == "limit", "\(text)")
    }
  }

  @Test("a number of a million digits ends without haste or hang")
  func veryLongNumbers() throws {
    let digits = String(repeating: "7", count: 1_000_000)
    #expect(refusal(of: digits)?.reason == "a number is too large")
    #expect(try json("0." + digits) == .number(0.777777777777777777777))
  }
}
