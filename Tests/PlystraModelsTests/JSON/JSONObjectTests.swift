import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("An object keeps its order and compares by content")
struct JSONObjectTests {
  /// Counts below, at and above the one from which keys are found by an index.
  static let counts = [0, 1, 2, 14, 15, 16, 17, 18, 31, 32, 33, 100]

  private func object(_ count: Int) -> JSONObject {
    JSONObject((0..<count).map { ("key\($0)", .integer(Int64($0))) })
  }

  @Test("members stand in the order in which they came", arguments: counts)
  func order(count: Int) {
    let object = object(count)
    #expect(object.count == count)
    #expect(object.keys == (0..<count).map { "key\($0)" })
    #expect(object.map(\.value) == (0..<count).map { .integer(Int64($0)) })
    #expect(object.isEmpty == (count == 0))
    for index in 0..<count {
      #expect(object["key\(index)"] == .integer(Int64(index)))
      #expect(object[index].key == "key\(index)")
    }
    #expect(object["key\(count)"] == nil)
    #expect(object[""] == nil)
  }

  @Test("setting replaces in place, or appends", arguments: counts)
  func setting(count: Int) {
    var object = object(count)
    for index in 0..<count { object["key\(index)"] = "new" }
    object["another"] = true
    #expect(object.keys == (0..<count).map { "key\($0)" } + ["another"])
    #expect(object.dropLast().allSatisfy { $0.value == "new" })
    #expect(object["another"] == true)
  }

  @Test("removing keeps the order and the other members", arguments: counts)
  func removing(count: Int) {
    for removed in [0, count / 2, count - 1] where count > 0 {
      var object = object(count)
      object["key\(removed)"] = nil
      object["missing"] = nil
      #expect(object.keys == (0..<count).filter { $0 != removed }.map { "key\($0)" })
      for index in 0..<count {
        #expect(object["key\(index)"] == (index == removed ? nil : .integer(Int64(index))))
      }
      object["key\(removed)"] = "back"
      #expect(object.keys.last == "key\(removed)")
      #expect(object["key\(removed)"] == "back")
      #expect(object.count == count)
    }
  }

  @Test(
    "an object does as a plain list of pairs does, whatever is done to it",
    arguments: [1, 2, 3, 4] as [UInt64])
  func againstModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var object = JSONObject()
    var model: [(key: String, value: JSONValue)] = []
    for step in 0..<rounds(4_000) {
      let key = "k\(Int.random(in: 0..<24, using: &random))"
      let place = model.firstIndex { $0.key == key }
      if random.oneIn(3) {
        object[key] = nil
        if let place { model.remove(at: place) }
      } else {
        object[key] = .integer(Int64(step))
        if let place {
          model[place].value = .integer(Int64(step))
        } else {
          model.append((key, .integer(Int64(step))))
        }
      }
      #expect(object.keys == model.map(\.key))
      #expect(object.map(\.value) == model.map(\.value))
      #expect(object["k0"] == model.first { $0.key == "k0" }?.value)
    }
  }

  @Test("equality and hash do not depend on the order", arguments: counts)
  func equality(count: Int) {
    let object = object(count)
    let reversed = JSONObject(object.reversed().map { ($0.key, $0.value) })
    #expect(object == reversed)
    #expect(object.hashValue == reversed.hashValue)
    #expect(JSONValue.object(object) == .object(reversed))
    #expect(Set([object, reversed]).count == 1)
    var other = object
    other["more"] = nil
    #expect(other == object)
    other["more"] = .null
    #expect(other != object && object != other)
    if count > 0 {
      var changed = object
      changed["key0"] = "changed"
      #expect(changed != object)
      var renamed = object
      renamed["key0"] = nil
      renamed["key_"] = 0
      #expect(renamed != object && renamed.count == object.count)
    }
  }

  @Test("of equal keys the last value wins, in the place of the first")
  func duplicates() throws {
    let expected: JSONObject = ["a": 3, "b": 2]
    #expect(try json("{\"a\":1,\"b\":2,\"\\u0061\":3}").objectValue?.keys == ["a", "b"])
    #expect(try json("{\"a\":1,\"b\":2,\"\\u0061\":3}") == .object(expected))
    #expect(JSONObject([("a", 1), ("b", 2), ("a", 3)]).keys == ["a", "b"])
    let literal: JSONObject = ["a": 1, "b": 2, "a": 3]
    #expect(literal == expected)
  }

  @Test("keys are the same only if their code points are", arguments: [0, 14, 15, 16, 40])
  func exactKeys(others: Int) throws {
    let spellings = ["\u{E9}", "e\u{301}", "\u{212A}", "K", "a\u{301}\u{323}", "a\u{323}\u{301}"]
    var object = object(others)
    for (index, key) in spellings.enumerated() { object[key] = .integer(Int64(index)) }
    #expect(object.count == others + spellings.count)
    for (index, key) in spellings.enumerated() { #expect(object[key] == .integer(Int64(index))) }
    let again = try #require(JSONValue(parsing: JSONValue.object(object).serialized()).objectValue)
    #expect(again == object && again.count == object.count)
    #expect(JSONObject([("\u{E9}", 1)]) != ["e\u{301}": 1])
    object["e\u{301}"] = nil
    #expect(object["\u{E9}"] == 0 && object["e\u{301}"] == nil)
  }

  /// Quadratic reading would take many minutes for these texts; linear reading takes about a second.
  @Test("100,000 keys are read in no more than linear time", .timeLimit(.minutes(5)))
  func manyKeys() throws {
    let count = 100_000
    func text(_ key: (Int) -> String) -> String {
      "{" + (0..<count).map { "\"\(key($0))\":\($0)" }.joined(separator: ",") + "}"
    }
    let unique = try #require(json(text { "k\($0)" }).objectValue)
    #expect(unique.count == count)
    #expect(unique["k99999"] == 99_999)
    #expect(try json(text { _ in "k" }) == ["k": .integer(Int64(count - 1))])
    #expect(try json(text { "k\($0 % 1_000)" }).objectValue?.count == 1_000)
    // Fields that no model knows, and one that a model knows over and over.
    let answer = "{\"data\":{\"status\":\"ok\",\"x\":\(text { "k\($0)" })},\(text { "k\($0)" }.dropFirst())"
    #expect(try Envelope<Health>(parsing: answer.utf8).data?.status == "ok")
    let repeated = Array(repeating: "\"status\":\"ok\"", count: count).joined(separator: ",")
    #expect(
      failure { _ = try Health(parsing: "{\(repeated)}".utf8) }?.reason.contains("appears twice") == true)
    let copy = JSONObject(unique.reversed().map { ($0.key, $0.value) })
    #expect(copy == unique)
  }

  @Test("it prints as JSON and makes a literal")
  func description() {
    let object: JSONObject = ["b": [1, nil], "a": ["x": "y\n"]]
    #expect(object.description == "{\"b\":[1,null],\"a\":{\"x\":\"y\\n\"}}")
    #expect("\(JSONObject())" == "{}")
  }
}
