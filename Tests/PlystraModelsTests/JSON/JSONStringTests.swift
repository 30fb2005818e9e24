import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Strings are UTF-8 with right escapes, or refused")
struct JSONStringTests {
  @Test(
    "every escape",
    arguments: [
      (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"), (#"\n"#, "\n"),
      (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\u0041"#, "A"), (#"\u00e9"#, "é"), (#"\u00E9"#, "é"),
      (#"\u0000"#, "\u{0}"),
      (#"\u001f"#, "\u{1F}"), (#"\u007f"#, "\u{7F}"), (#"\u0080"#, "\u{80}"), (#"\u07ff"#, "\u{7FF}"),
      (#"\u0800"#, "\u{800}"), (#"\u8ca1"#, "財"), (#"\ud7ff"#, "\u{D7FF}"), (#"\ue000"#, "\u{E000}"),
      (#"\uffff"#, "\u{FFFF}"), (#"\ufeff"#, "\u{FEFF}"), (#"\ud800\udc00"#, "\u{10000}"),
      (#"\uD83D\uDE00"#, "😀"), (#"\udbff\udfff"#, "\u{10FFFF}"), (#"\ud83d\ude00\ud83d\ude00"#, "😀😀"),
      (#"a\u0041\n\\u0041"#, "aA\n\\u0041"),
    ])
  func escape(text: String, expected: String) throws {
    // Every position of the string within the eight bytes that are looked at together.
    for count in 0..<9 {
      let around = String(repeating: "x", count: count)
      #expect(try json("\"\(around)\(text)\(around)\"") == .string(around + expected + around))
      #expect(try json("{\"\(around)\(text)\":1}") == .object([around + expected: 1]))
    }
  }

  @Test(
    "a wrong escape is refused",
    arguments: [
      #"\a"#, #"\v"#, #"\x41"#, #"\'"#, #"\0"#, #"\U0041"#, #"\u"#, #"\u1"#, #"\u12"#, #"\u123"#, #"\u123g"#,
      #"\u-123"#, #"\u 123"#, #"\u+123"#, "\\\n", "\\é", #"\u00é1"#,
    ])
  func wrongEscape(text: String) throws {
    for padding in ["", "x", "xxxxxxx", "xxxxxxxx", "xxxxxxxxxxxxxxxx"] {
      #expect(refusal(of: "\"\(padding)\(text)\"") != nil)
      #expect(refusal(of: "\"\(text)\(padding)\"") != nil)
      #expect(refusal(of: "{\"\(padding)\(text)\":1}") != nil)
      #expect(isRefusedWhereSkipped("\"\(padding)\(text)\"".utf8))
    }
  }

  @Test(
    "a surrogate that stands alone is refused",
    arguments: [
      #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"\ud83dx"#, #"\ud83d\n"#, #"\ud83d\u0041"#,
      #"\ud83d\ud83d"#, #"\ude00\ud83d"#, #"\ud83d \ude00"#, #"\ud83d\\ude00"#, #"\ud83d\ud83d\ude00"#,
    ])
  func loneSurrogate(text: String) throws {
    let error = try #require(refusal(of: "{\"k\":\"\(text)yyyyyyyyyyyyyyy\"}"))
    #expect(error.reason == "a surrogate stands alone")
    #expect(error.path == "k")
    #expect(!error.isPremature)
    #expect(refusal(of: "{\"\(text)\":1}") != nil)
    #expect(isRefusedWhereSkipped("\"\(text)\"".utf8))
  }

  @Test("each control character must be escaped", arguments: UInt8(0)..<0x20)
  func controlCharacter(byte: UInt8) throws {
    for count in 0..<17 {
      var text = Array("\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: count) + [byte]
      text += Array("xxxxxxxxxxx\"".utf8)
      let error = try #require(refusal(of: text))
      #expect(error.reason == "a control character in a string is not escaped")
      #expect(error.offset == 1 + count)
      #expect(isRefusedWhereSkipped(text))
    }
    #expect(try json("\"\u{7F}\"") == .string("\u{7F}"))
  }

  /// Sequences that table 3-7 of the Unicode standard excludes.
  static let malformed: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xDF, 0x7F],
    [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xE1, 0x41, 0x80],
    [0xE1, 0x80, 0xC2], [0xE1, 0x80, 0xE1], [0xF1, 0x80, 0x80, 0xC0],
    [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF, 0x7F], [0xF0, 0x80, 0x80, 0x80],
    [0xF0, 0x8F, 0xBF, 0xBF],
    [0xF1, 0x80, 0x80], [0xF1, 0x80, 0x41, 0x80], [0xF1, 0x80, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80],
    [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
  ]

  @Test("what is not UTF-8 is refused in values, keys and whatever is skipped", arguments: malformed)
  func invalidUTF8(bytes: [UInt8]) throws {
    for count in 0..<17 {
      let padding = Array(repeating: UInt8(ascii: "x"), count: count)
      let quoted = Array("\"".utf8) + padding + bytes + Array("yyyyyyyyy\"".utf8)
      let error = try #require(refusal(of: quoted))
      #expect(error.reason == "a string is not UTF-8")
      #expect(error.offset == 1 + count)
      #expect(refusal(of: Array("{".utf8) + quoted + Array(":1}".utf8)) != nil)
      #expect(isRefusedWhereSkipped(quoted))
    }
    let tight = Array("\"".utf8) + bytes + Array("\"".utf8)
    #expect(refusal(of: tight) != nil)
    #expect(isRefusedWhereSkipped(tight))
    #expect(refusal(of: bytes) != nil)
  }

  @Test("the first and the last character of every length of UTF-8 is read")
  func validUTF8() throws {
    let scalars: [Unicode.Scalar] = [
      " ", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFF}", "\u{1000}", "\u{CFFF}", "\u{D000}",
      "\u{D7FF}",
      "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{3FFFF}", "\u{40000}", "\u{FFFFF}", "\u{100000}", "\u{10FFFF}",
    ]
    for scalar in scalars {
      for count in 0..<9 {
        let text = String(repeating: "x", count: count) + String(scalar) + "x"
        #expect(
          try json("\"\(text)\"").stringValue?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
      }
    }
  }

  @Test("a key is the same however it is escaped, and known fields are found by it")
  func escapedKeys() throws {
    let health = try Envelope<Health>(
      parsing: #"{"\u0064ata":{"st\u0061tus":"ok"},"reques\u0074_id":"req_1"}"#.utf8)
    #expect(health.data?.status == "ok")
    #expect(health.requestID == "req_1")
  }

  /// Whether the value is refused as a field that no model knows, and as an element beneath one.
  private func isRefusedWhereSkipped(_ value: some Collection<UInt8>) -> Bool {
    let heads = ["{\"data\":{\"status\":\"ok\",\"unknown\":", "{\"other\":[{\"a\":"]
    let tails = ["}}", "}],\"data\":{\"status\":\"ok\"}}"]
    return zip(heads, tails).allSatisfy { head, tail in
      failure { _ = try Envelope<Health>(parsing: Array(head.utf8) + value + Array(tail.utf8)) } != nil
    }
  }
}
