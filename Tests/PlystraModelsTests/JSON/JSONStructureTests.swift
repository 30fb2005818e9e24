import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("The structure of a text is read strictly")
struct JSONStructureTests {
  @Test("every kind of value")
  func values() throws {
    #expect(try json("null") == nil)
    #expect(try json("true") == true)
    #expect(try json("false") == false)
    #expect(try json("\"\"") == "")
    #expect(try json("[]") == [])
    #expect(try json("{}") == [:])
    #expect(try json("[1,[2,[]],{\"a\":{}}]") == [1, [2, []], ["a": [:]]])
    #expect(try json("{\"a\":{\"b\":[true,null]},\"c\":\"d\"}") == ["a": ["b": [true, nil]], "c": "d"])
  }

  @Test("white space of the four kinds may stand anywhere between tokens")
  func whitespace() throws {
    let space = " \t\r\n"
    let tokens = [
      "{", "\"a\"", ":", "[", "1", ",", "true", ",", "null", "]", ",", "\"b\"", ":", "{", "}", "}",
    ]
    let text = space + tokens.joined(separator: space) + space
    #expect(try json(text) == ["a": [1, true, nil], "b": [:]])
  }

  @Test(
    "other white space is refused", arguments: ["\u{B}", "\u{C}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{0}"])
  func otherWhitespace(space: String) {
    #expect(refusal(of: "[1,\(space)2]") != nil)
    #expect(refusal(of: "1\(space)") != nil)
  }

  @Test("one byte order mark may stand in front, and offsets count it")
  func byteOrderMark() throws {
    #expect(try json("\u{FEFF}{\"a\":1}") == ["a": 1])
    #expect(try json("\u{FEFF} 1 ") == 1)
    #expect(refusal(of: "\u{FEFF}\u{FEFF}1") != nil)
    #expect(refusal(of: " \u{FEFF}1") != nil)
    #expect(refusal(of: "\u{FEFF}") != nil)
    #expect(refusal(of: [0xEF, 0xBB]) != nil)
    #expect(refusal(of: "\u{FEFF}[x]")?.offset == 4)
  }

  @Test(
    "what is after the value is refused, unless it is white space",
    arguments: [
      "{} x", "{}{}", "[] ,", "null\u{0}", "1 2", "\"a\"\"b\"", "{}}", "[]]", "true false", "{} // end",
    ])
  func trailingBytes(text: String) throws {
    let error = try #require(refusal(of: text))
    #expect(error.path == "")
    #expect(error.reason == "there is something after the value")
    #expect(try json("{} \n\t\r ") == [:])
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "", " ", "\n", "{", "}", "[", "]", ",", ":", "\"", "{]", "[}", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
      "[1,,2]",
      "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{'a':1}",
      "{1:1}",
      "{null:1}", "{\"a\":1,,\"b\":2}", "{\"a\"::1}", "nul", "nulll", "Null", "NULL", "tru", "True", "TRUE",
      "fals",
      "falsee", "undefined", "'a'", "\"a", "a\"", "[1]]", "/**/1", "// a\n1", "[1;2]", "<html></html>",
      "\\u0031",
    ])
  func notJSON(text: String) {
    #expect(refusal(of: text) != nil)
    #expect(failure { _ = try Envelope<JSONValue>(parsing: "{\"data\":\(text)}".utf8) } != nil || text == "")
    #expect(failure { _ = try Envelope<JSONValue>(parsing: "{\"x\":\(text),\"data\":1}".utf8) } != nil)
  }

  @Test("nesting is read to a depth of 128", arguments: [1, 100, 127, 128])
  func nesting(depth: Int) throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      var value = try json(text)
      for _ in 0..<depth { value = try #require(value["a"] ?? value[0]) }
      #expect(value == 1)
    }
  }

  @Test("deeper nesting is refused where it is read and where it is skipped", arguments: [129, 513, 100_000])
  func deepNesting(depth: Int) throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
      let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      let error = try #require(refusal(of: text))
      #expect(error.reason == "nesting is deeper than 128")
      #expect(error.description.utf8.count < 1_000)
      // Without an end, too.
      #expect(refusal(of: String(repeating: open, count: depth)) != nil)
      for known in ["data", "error", "request_id", "meta", "pagination", "unknown"] {
        let answer = "{\"\(known)\":\(text)}"
        #expect(failure { _ = try Envelope<JSONValue>(parsing: answer.utf8) } != nil, "\(known)")
      }
      let decision = "{\"data\":{\"allow\":true,\"decision\":\"allow\",\"x\":\(text)}}"
      #expect(failure { _ = try Envelope<Decision>(parsing: decision.utf8) } != nil)
    }
  }

  @Test("siblings do not add to the depth")
  func siblings() throws {
    let text = "[" + Array(repeating: "[[]],{\"a\":[]}", count: 500).joined(separator: ",") + "]"
    #expect(try json(text).arrayValue?.count == 1_000)
  }

  @Test("any collection of bytes is read, whether its storage is contiguous or not")
  func collections() throws {
    let text = "{\"a\":[1,\"é\"]}"
    let expected: JSONValue = ["a": [1, "é"]]
    #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
    #expect(try JSONValue(parsing: ContiguousArray(text.utf8)) == expected)
    #expect(try JSONValue(parsing: text.utf8) == expected)
    #expect(try JSONValue(parsing: Substring(text).utf8) == expected)
    #expect(try JSONValue(parsing: Array("xx\(text)yy".utf8).dropFirst(2).dropLast(2)) == expected)
    #expect(try JSONValue(parsing: AnyCollection(Array(text.utf8))) == expected)
    #expect(try JSONValue(parsing: Array(text.utf8).lazy.map { $0 }) == expected)
    #expect(throws: JSONError.self) { try JSONValue(parsing: EmptyCollection()) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: []) }
  }
}
