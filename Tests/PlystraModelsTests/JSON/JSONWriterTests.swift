import PlystraCore
import PlystraModels
import Testing

@Suite("What is written is the shortest text of the value")
struct JSONWriterTests {
  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}": quoted += "\\u0000"
      case "\u{1}": quoted += "\\u0001"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  @Test("texts of every length, with what is special at every place", arguments: 0...34)
  func places(length: Int) {
    let plain = (0..<length).map { index in Unicode.Scalar(UInt8(97 + index % 26)) }
    for special in ["x", "\"", "\\", "\n", "\u{0}", "\u{1}", "\u{7F}", "é", "財", "😀", "!", "#", "[", "]"] {
      for place in 0..<max(1, length) {
        var text = String.UnicodeScalarView(plain)
        let index = text.index(text.startIndex, offsetBy: min(place, length))
        text.insert(contentsOf: special.unicodeScalars, at: index)
        #expect(JSONValue.string(String(text)).serialized().text == quoted(String(text)))
      }
    }
  }

  @Test("a text far longer than the writer's memory at first")
  func long() throws {
    let text = String(repeating: "0123456789é\"", count: 20_000)
    let value: JSONValue = ["a": .string(text), "b": [1, .string(text)], "c": "\u{0}"]
    #expect(try JSONValue(parsing: value.serialized()) == value)
    #expect(value.serialized().count == 2 * (20_000 * 14 + 2) + #"{"a":,"b":[1,],"c":"\u0000"}"#.utf8.count)
  }

  @Test("texts of every length at the end of the writer's memory, which it outgrows there")
  func endOfMemory() throws {
    for length in 0...40 {
      let text = String(repeating: "a", count: length)
      // What comes before moves the end of memory to every place of the texts.
      for before in 0..<(length + 4) {
        let texts =
          [JSONValue.string(String(repeating: "b", count: before))]
          + Array(repeating: .string(text), count: 2_200 / (length + 3))
        #expect(try JSONValue(parsing: JSONValue.array(texts).serialized()) == .array(texts))
      }
    }
  }

  @Test("texts that are no plain UTF-8 in memory")
  func slices() {
    let text = "some \"longer\" text, of which a part is taken"
    #expect(JSONValue.string(String(text.dropFirst(5).prefix(8))).serialized().text == #""\"longer\"""#)
    #expect(JSONValue.string(String(text.reversed())).serialized().count == text.utf8.count + 4)
  }

  @Test("equal requests give equal bytes, whatever the order in which they were made")
  func order() throws {
    var first = ActorContext(userID: "u", memberID: "m")
    first.spaceID = "s"
    var second = ActorContext(spaceID: "s")
    second.memberID = "m"
    second.userID = "u"
    let bytes = try AuthorizationRequest(actor: first, action: "a").serialized()
    #expect(try AuthorizationRequest(actor: second, action: "a").serialized() == bytes)
    #expect(bytes.text == #"{"actor":{"user_id":"u","member_id":"m","space_id":"s"},"action":"a"}"#)
  }
}
