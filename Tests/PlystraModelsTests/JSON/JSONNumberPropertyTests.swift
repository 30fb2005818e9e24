import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Every decimal is read as the nearest Double")
struct JSONNumberPropertyTests {
  @Test("whatever its digits, point and exponent", arguments: [81, 82, 83, 84] as [UInt64])
  func decimals(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<rounds(5_000) {
      var text = random.oneIn(3) ? "-" : ""
      text += digits(Int.random(in: 1...(random.oneIn(4) ? 25 : 9), using: &random), &random)
      if random.oneIn(2) {
        text +=
          "." + digits(Int.random(in: 1...(random.oneIn(4) ? 25 : 8), using: &random), &random, any: true)
      }
      if random.oneIn(2) {
        text += ["e", "E", "e+", "e-"].randomElement(using: &random) ?? "e"
        text += String(Int.random(in: 0...(random.oneIn(4) ? 320 : 24), using: &random))
      }
      let expected = try #require(Double(text))
      let read = try? json(text)
      let isSkipped =
        (try? JSONReader.read(text.utf8) { try $0.skipValue(refusingRepeatedKeys: false) }) != nil
      #expect(isSkipped == expected.isFinite, "\(text)")
      #expect(read?.doubleValue == (expected.isFinite ? expected : nil), "\(text)")
      #expect(read?.doubleValue?.sign == (expected.isFinite ? expected.sign : nil), "\(text)")
      let isInteger = text != "-0" && Int64(text) != nil
      #expect(read?.integerValue == (isInteger ? Int64(text) : nil), "\(text)")
    }
  }

  private func digits(_ count: Int, _ random: inout SeededGenerator, any: Bool = false) -> String {
    let first = any || count == 1 ? 0 : 1
    var text = String(Int.random(in: first...9, using: &random))
    for _ in 1..<max(count, 2) where text.count < count {
      text += String(Int.random(in: 0...9, using: &random))
    }
    return text
  }

  @Test("a Double that was written is read as itself", arguments: [91, 92] as [UInt64])
  func doubles(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<rounds(10_000) {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(try json(JSONValue.number(value).description) == .number(value))
      let rounded = (value.truncatingRemainder(dividingBy: 1e9) * 100).rounded() / 100
      #expect(try json(JSONValue.number(rounded).description).doubleValue == rounded)
    }
  }

  @Test(
    "where exactness ends",
    arguments: [
      "9007199254740992", "9007199254740993", "9007199254740992.0", "9007199254740993.0",
      "9007199254740991e22",
      "9007199254740991e23", "9007199254740993e-22", "1e22", "1e23", "123456789012345678e-22", "0.1", "1e-22",
      "1e-23", "9999999999999999999", "99999999999999999999", "0.00000000000000000000001",
      "1.000000000000000000000000", "0.000000000000000000000000000000000000000000000001e48",
    ])
  func limits(text: String) throws {
    #expect(try json(text).doubleValue == Double(text))
    #expect(try json("-" + text).doubleValue == Double("-" + text))
  }
}
