import Foundation
import PlystraCore
import PlystraModels
import Testing

@Suite("A JSON value passes through any encoder and decoder")
struct JSONValueCodableTests {
  static let values: [JSONValue] = [
    nil, true, false, 0, -1, .integer(.max), .integer(.min), .integer(9_007_199_254_740_993), 1.5, 1e300, "",
    "é\n\"",
    [], [:], [nil, [nil], [[]]], ["a": ["b": [1, 2.5, "c", nil, true, [:]]], "": 0],
    ["fooBar": 1, "foo_bar": 2, "FOO": ["innerKey": ["deep_key": 3]]],
  ]

  @Test("it comes back equal", arguments: values)
  func roundTrip(value: JSONValue) throws {
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    // And it is the same JSON that the value prints itself.
    #expect(try JSONValue(parsing: data) == value)
    if case .object(let object) = value {
      #expect(try JSONDecoder().decode(JSONObject.self, from: JSONEncoder().encode(object)) == object)
    }
  }

  @Test("it comes back equal beside other values and within lists", arguments: values)
  func nested(value: JSONValue) throws {
    struct Document: Codable, Equatable {
      var first: JSONValue
      var list: [JSONValue]
      var table: [String: JSONValue]
    }
    let document = Document(first: value, list: [value, value], table: ["k": value])
    let encoder = JSONEncoder()
    #expect(try JSONDecoder().decode(Document.self, from: encoder.encode(document)) == document)
    if !value.isNull {
      struct Stored: Codable, Equatable { var value: JSONValue? }
      let stored = Stored(value: value)
      #expect(try JSONDecoder().decode(Stored.self, from: encoder.encode(stored)) == stored)
    }
  }

  @Test("a property list, which has no null, carries it too")
  func propertyList() throws {
    let value: JSONValue = ["a": [1, 2.5, "c", true, [:]], "b": ["c": .integer(.max)]]
    let data = try PropertyListEncoder().encode(value)
    #expect(try PropertyListDecoder().decode(JSONValue.self, from: data) == value)
  }

  @Test("another kind of value is no object")
  func objectMismatch() {
    for text in ["[1]", "\"a\"", "1"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(JSONObject.self, from: Data(text.utf8)) }
    }
  }

  @Test("a number that JSON cannot hold is refused by the encoder")
  func notFinite() {
    #expect(throws: EncodingError.self) { try JSONEncoder().encode([JSONValue.number(.nan)]) }
  }
}
