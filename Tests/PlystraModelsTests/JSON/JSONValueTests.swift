import PlystraCore
import PlystraModels
import Testing

@Suite("A JSON value is made, taken apart and printed")
struct JSONValueTests {
  @Test("literals")
  func literals() {
    let value: JSONValue = [
      "a": 1, "b": 1.5, "c": "x", "d": true, "e": nil, "f": [1, "y", false], "g": [:], "h": [],
    ]
    #expect(value["a"] == .integer(1))
    #expect(value["b"] == .number(1.5))
    #expect(value["c"] == .string("x"))
    #expect(value["d"] == .bool(true))
    #expect(value["e"] == .null)
    #expect(value["f"] == .array([.integer(1), .string("y"), .bool(false)]))
    #expect(value["g"] == .object(JSONObject()))
    #expect(value["h"] == .array([]))
    #expect(value.objectValue?.keys == ["a", "b", "c", "d", "e", "f", "g", "h"])
  }

  @Test("each accessor answers its own kind only")
  func accessors() {
    let values: [JSONValue] = [nil, true, 7, 7.5, "s", [1], ["k": 1]]
    #expect(values.map(\.isNull) == [true, false, false, false, false, false, false])
    #expect(values.map(\.boolValue) == [nil, true, nil, nil, nil, nil, nil])
    #expect(values.map(\.integerValue) == [nil, nil, 7, nil, nil, nil, nil])
    #expect(values.map(\.doubleValue) == [nil, nil, 7, 7.5, nil, nil, nil])
    #expect(values.map(\.stringValue) == [nil, nil, nil, nil, "s", nil, nil])
    #expect(values.map(\.arrayValue) == [nil, nil, nil, nil, nil, [1], nil])
    #expect(values.map(\.objectValue) == [nil, nil, nil, nil, nil, nil, ["k": 1]])
  }

  @Test("a subscript that leads nowhere is nil")
  func subscripts() throws {
    let value = try json("{\"data\":{\"grants\":[{\"scope\":\"self\"},{\"scope\":null}]}}")
    #expect(value["data"]?["grants"]?[0]?["scope"] == "self")
    #expect(value["data"]?["grants"]?[1]?["scope"] == .null)
    for index in [-1, 2, Int.max, Int.min] { #expect(value["data"]?["grants"]?[index] == nil) }
    #expect(value[0] == nil)
    #expect(value["data"]?["grants"]?["scope"] == nil)
    #expect(JSONValue.null["a"] == nil && JSONValue.string("abc")[0] == nil)
  }

  @Test("kinds of numbers are different values")
  func numbers() {
    #expect(JSONValue.integer(1) != .number(1))
    #expect(JSONValue.integer(0) != .number(-0.0))
    #expect(JSONValue.bool(true) != 1)
    #expect(JSONValue.null != .string("null"))
  }

  @Test(
    "it prints without white space, with the shortest escapes",
    arguments: [
      (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "-9223372036854775808"),
      (.integer(.max), "9223372036854775807"), (1.0, "1.0"), (.number(-0.0), "-0.0"), (1.1, "1.1"),
      (0.1, "0.1"),
      (1e16, "1e+16"), (.number(.leastNonzeroMagnitude), "5e-324"),
      (.number(.greatestFiniteMagnitude), "1.7976931348623157e+308"), ("", "\"\""),
      ("a/b", "\"a/b\""), ("é財😀\u{7F}", "\"é財😀\u{7F}\""),
      ("\"\\\u{8}\t\n\u{C}\r\u{0}\u{1F}", #""\"\\\b\t\n\f\r\u0000\u001f""#), ([], "[]"), ([:], "{}"),
      ([1, [2, [:]], "x"], "[1,[2,{}],\"x\"]"),
      (["b": 1, "a\n": ["c": nil]], "{\"b\":1,\"a\\n\":{\"c\":null}}"),
      (.number(.nan), "null"), ([.number(.infinity), .number(-.infinity), 1], "[null,null,1]"),
    ] as [(JSONValue, String)])
  func printing(value: JSONValue, text: String) {
    #expect(value.serialized().text == text)
    #expect(value.description == text.replacing("\u{7F}", with: "\\u007f"))
  }

  @Test("every control character that is printed is escaped, and reads back")
  func controlCharacters() throws {
    for code in UInt8(0)..<0x20 {
      let text = String(Unicode.Scalar(code))
      let bytes = JSONValue.string(text).serialized()
      #expect(!bytes.contains(code))
      #expect(try JSONValue(parsing: bytes) == .string(text))
    }
  }
}
