import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("What holds for every value and every text")
struct JSONPropertyTests {
  @Test("a value prints and reads back equal, in its order", arguments: [11, 12, 13, 14] as [UInt64])
  func printsAndReadsBack(seed: UInt64) throws {
    var source = RandomJSON(seed: seed)
    for _ in 0..<rounds(1_500) {
      let value = source.value()
      let bytes = value.serialized()
      let again = try JSONValue(parsing: bytes)
      #expect(again == value, "\(bytes.text)")
      // Printing once more shows what equality does not: order, the sign of zero, the code points of texts.
      #expect(again.serialized() == bytes)
    }
  }

  @Test(
    "a value reads back equal however its text is spaced and escaped", arguments: [21, 22, 23] as [UInt64])
  func readsEverySpelling(seed: UInt64) throws {
    var source = RandomJSON(seed: seed)
    for _ in 0..<rounds(1_000) {
      let value = source.value()
      let text = source.text(of: value)
      #expect(try json(text).serialized() == value.serialized(), "\(text)")
    }
  }

  @Test(
    "a damaged text is taken if and only if a second reading takes it, as the same value",
    arguments: [31, 32, 33, 34] as [UInt64])
  func agreesWithReference(seed: UInt64) throws {
    var source = RandomJSON(seed: seed)
    var mutation = Mutation(seed: seed &* 7)
    var taken = 0
    for _ in 0..<rounds(1_500) {
      let value = source.value()
      let bytes = mutation.mutant(of: Array(source.text(of: value).utf8))
      let expected = ReferenceJSON.parse(bytes)?.value.serialized()
      #expect((try? JSONValue(parsing: bytes))?.serialized() == expected, "\(bytes)")
      if expected != nil { taken += 1 }
    }
    #expect(taken > rounds(100))
  }

  @Test("skipping is as strict as reading", arguments: [41, 42] as [UInt64])
  func skippingIsStrict(seed: UInt64) throws {
    var source = RandomJSON(seed: seed)
    var mutation = Mutation(seed: seed &* 7)
    for _ in 0..<rounds(1_500) {
      let bytes = mutation.mutant(of: Array(source.text(of: source.value(depth: 3)).utf8))
      let isRead = (try? JSONValue(parsing: bytes)) != nil
      let isSkipped = (try? JSONReader.read(bytes) { try $0.skipValue(refusingRepeatedKeys: false) }) != nil
      #expect(isRead == isSkipped, "\(bytes)")
    }
  }

  /// Numbers may differ in their last digits, which Foundation on Linux rounds by way of decimals, and texts with
  /// U+FEFF are left out, which it drops; the second reading above is exact.
  @Test("Foundation reads the same where both read at all", arguments: [51, 52, 53] as [UInt64])
  func agreesWithFoundation(seed: UInt64) throws {
    var source = RandomJSON(seed: seed)
    var mutation = Mutation(seed: seed &* 7)
    var compared = 0
    for round in 0..<600 {
      var bytes = Array(source.text(of: source.value()).utf8)
      if round % 2 == 1 { bytes = mutation.mutant(of: bytes) }
      let mark: Unicode.Scalar = "\u{FEFF}"
      guard let value = try? JSONValue(parsing: bytes),
        let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]),
        // Of a repeated key Foundation may keep another value.
        ReferenceJSON.parse(bytes)?.repeatsKeys == false,
        !value.serialized().text.unicodeScalars.contains(mark)
      else { continue }
      compared += 1
      #expect(isSame(value, other), "\(bytes.text)")
    }
    #expect(compared > 200)
  }

  private func isSame(_ value: JSONValue, _ other: Any) -> Bool {
    switch value {
    case .null: return other is NSNull
    case .bool(let flag): return (other as? Bool) == flag
    case .integer(let integer): return (other as? NSNumber)?.int64Value == integer
    case .number(let number):
      guard let other = (other as? NSNumber)?.doubleValue else { return false }
      return other == number || abs(other - number) <= abs(number) * 1e-14
    case .string(let text): return (other as? String)?.utf8.elementsEqual(text.utf8) == true
    case .array(let elements):
      guard let others = other as? [Any], others.count == elements.count else { return false }
      return zip(elements, others).allSatisfy { isSame($0, $1) }
    case .object(let object):
      guard let others = other as? [String: Any], others.count == object.count else { return false }
      return object.allSatisfy { member in others[member.key].map { isSame(member.value, $0) } ?? false }
    }
  }

  @Test("random bytes never do harm", arguments: [61, 62] as [UInt64])
  func randomBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]:,\"\\u0123456789abcdefntrl-+.eE \n\u{0}é".utf8) + [0xFF, 0xC2, 0xED, 0xF0]
    for _ in 0..<rounds(20_000) {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      #expect((try? JSONValue(parsing: bytes)) == nil || ReferenceJSON.parse(bytes) != nil)
      _ = try? Envelope<Decision>(parsing: bytes)
    }
  }

  @Test("a text that is cut anywhere is refused as one that ends too early")
  func cutTexts() throws {
    var source = RandomJSON(seed: 71)
    var texts = try ["authz-check.allow", "auth-login"].map { try Fixtures.body($0) }
    texts += (0..<rounds(60)).map { _ in Array("[\(source.text(of: source.value()))]".utf8) }
    for text in texts {
      let end = text.lastIndex { !" \t\r\n".utf8.contains($0) } ?? 1
      for count in 1...end {
        let error = try #require(refusal(of: Array(text.prefix(count))))
        #expect(error.isPremature, "\(text.prefix(count).suffix(20)): \(error)")
        #expect(error.offset == count)
      }
    }
  }

  @Test(
    "a text that is wrong before its end is not called cut",
    arguments: [
      "[nx", "[tr0", "[fall", "[\"\\u12g", "[\"\\ug", "[\"\\ud83d\\n", "[\"\\ud83dx", "[\"\\ude00",
      "[\"\\q", "[01", "[-x", "[1.x", "[1ex", "{\"a\"x", "{x", "[1 x", "[\"\n", "[}", "{]",
    ])
  func wrongTexts(text: String) throws {
    #expect(try !#require(refusal(of: text)).isPremature)
  }

  @Test("bytes that no UTF-8 begins with are not called cut")
  func wrongBytes() throws {
    for bytes: [UInt8] in [
      [0xC2, 0x22], [0xE4, 0x22], [0xE1, 0x80, 0x22], [0xF1, 0x80, 0x80, 0x22], [0xED, 0xA0], [0xFF],
    ] {
      #expect(try !#require(refusal(of: Array("[\"".utf8) + bytes)).isPremature)
    }
    for bytes: [UInt8] in [[0xC2], [0xE1], [0xE1, 0x80], [0xF1, 0x80, 0x80], [0xED, 0x9F]] {
      #expect(try #require(refusal(of: Array("[\"".utf8) + bytes)).isPremature)
    }
  }
}
