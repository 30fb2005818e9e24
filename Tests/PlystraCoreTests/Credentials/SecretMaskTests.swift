import TestSupport
import Testing

@testable import PlystraCore

@Suite("The mask of credentials")
struct SecretMaskTests {
  static let secret = #"p&ss"w\rd/<é>"#
  private let mask = SecretMask([
    Secret(SecretMaskTests.secret), Secret("plain-key-123"), Secret("4711081509"),
  ])

  @Test(
    "finds a credential verbatim and escaped",
    arguments: [
      (#"a p&ss"w\rd/<é> b"#, "a *** b"),
      (#"p&ss"w\rd/<é>"#, "***"),
      (#"{"x":"p&ss\"w\\rd/<é>"}"#, #"{"x":"***"}"#),
      (#"{"x":"p&ss\"w\\rd\/<é>"}"#, #"{"x":"***"}"#),
      (#"{"x":"p\u0026ss\u0022w\u005Crd\/\u003c\u00e9\u003E"}"#, #"{"x":"***"}"#),
      ("?q=p%26ss%22w%5Crd%2F%3C%C3%A9%3E&b=1", "?q=***&b=1"),
      ("?q=p%26ss%22w%5crd%2f%3c%c3%a9%3e", "?q=***"),
      ("<p>p&amp;ss&quot;w\\rd/&lt;é&gt;</p>", "<p>***</p>"),
      ("<p>p&#38;ss&#34;w\\rd&#x2F;&#60;&eacute;", "<p>***&eacute;"),
      ("plain-key-123plain-key-123", "******"),
      ("plain-key-123\u{301}", "***\u{301}"),
      ("plain-key-12\u{301}3", "***\u{301}3"),
      ("x\u{200D}plain-key-123\r\n", "x\u{200D}***\r\n"),
      ("cut off in the middle: plain-key-1", "cut off in the middle: ***"),
      ("cut off and gone on: plain-key-1, and", "cut off and gone on: ***, and"),
      ("too short to know: plain-k", "too short to know: plain-k"),
      ("PLAIN-KEY-123", "***"), ("Plain-%4Bey-123", "***"),
      ("%2570lain%252Dkey%252D123&x", "***&x"), ("a=p%2526ss%2522w%255Crd%252F%253C%25C3%25A9%253E", "a=***"),
      ("Basic dXNlcjpwbGFpbi1rZXktMTIz, next", "Basic dXNlcjp***, next"),
      ("cGxhaW4ta2V5LTEyMw==", "***"), (#"{"x":"706C61696e2d6b65792d313233"}"#, #"{"x":"***"}"#),
    ])
  func known(text: String, expected: String) { #expect(mask.masked(text) == expected) }

  @Test(
    "finds what looks like a Plystra credential",
    arguments: [
      ("key ply_ak_demo.s3cr-et_x=, next", "key ***, next"), ("ply_at_a1\"", "***\""),
      ("(ply_rt_b2)", "(***)"), ("Authorization: Bearer abc.def-_~+/=%2Fg h", "Authorization: *** h"),
      ("authorization: bearer abc", "authorization: ***"), ("PLY_AK_X", "***"), ("ply_a", "ply_a"),
      ("Bearer", "Bearer"), ("ply_at_a\u{301}b", "***\u{301}b"), ("ply_at_", "***"),
    ])
  func wellKnown(text: String, expected: String) { #expect(mask.masked(text) == expected) }

  @Test("leaves other text alone, of whatever bytes")
  func otherText() {
    for text in ["", "nothing to see", "日本語 😀 e\u{301}", "%%%\\\\\\&&&", "\\u12", "%4", "&#", "&;", "+"] {
      #expect(mask.masked(text) == text)
      #expect(SecretMask([]).masked(text) == text)
    }
    #expect(mask.masked([0xFF, 0xFE, 0x25], atMost: .max) == [0xFF, 0xFE, 0x25])
  }

  @Test("a space may be a plus sign in a query")
  func spaces() {
    let mask = SecretMask([Secret("pass word+1")])
    #expect(mask.masked("a=pass+word%2B1&b=pass%20word+1") == "a=***&b=***")
  }

  @Test("astral characters are found in JSON escapes")
  func surrogates() {
    #expect(SecretMask([Secret("pass😀word")]).masked(#""pass\ud83d\ude00word""#) == #""***""#)
  }

  @Test("a secret of fewer than four bytes, which ordinary words hold, is left")
  func shortSecrets() {
    #expect(SecretMask([Secret("the"), Secret("")]).masked("the thing") == "the thing")
    #expect(SecretMask([Secret("them")]).masked("the them") == "the ***")
  }

  @Test("the longest of several that begin alike is masked")
  func nested() {
    let mask = SecretMask([Secret("abcd"), Secret("abcdef"), Secret("cdefgh")])
    #expect(mask.masked("abcdefgh abcd abcde") == "***gh *** ***e")
  }

  @Test("JSON is masked in texts, keys and numbers")
  func json() {
    let value: JSONValue = [
      "plain-key-123": ["x plain-key-123", 4_711_081_509, 1, true, nil], "n": ["ply_at_x": "ply_rt_y"],
    ]
    #expect(mask.masked(value) == ["***": ["x ***", "***", 1, true, nil], "n": ["***": "***"]])
  }

  @Test("an excerpt is masked before it is cut, however much is masked")
  func excerpt() {
    let long = String(repeating: "k", count: 40) + "0123456789"
    let text = Array(String(repeating: long, count: 1_000).utf8)
    let masked = SecretMask([Secret(long)]).masked(text, atMost: 256)
    #expect(masked.allSatisfy { $0 == UInt8(ascii: "*") })
    #expect((256...258).contains(masked.count))
  }

  @Test("finds every spelling of a credential", arguments: SecretSpelling.all(of: "kEy>?>canary-8F2a~/71"))
  func spellings(spelling: SecretSpelling) {
    let mask = SecretMask([Secret("kEy>?>canary-8F2a~/71")])
    let masked = mask.masked("before \(spelling.text) after")
    #expect(masked.hasPrefix("before ") && masked.hasSuffix(" after") && masked.contains("***"))
    #expect(!masked.contains(spelling.tell), "\(masked)")
  }

  @Test("a short secret is found as it is written only: in another case it may be an ordinary word")
  func shortSecretInAnotherCase() {
    let mask = SecretMask([Secret("them")])
    #expect(mask.masked("Them THEM dGhlbQ them") == "Them THEM dGhlbQ ***")
    #expect(SecretMask([Secret("passWord")]).masked("Password") == "***")
  }

  @Test("a text that almost repeats a long secret again and again is masked in one pass")
  func almostPeriodic() {
    let mask = SecretMask([Secret(String(repeating: "a", count: 50_000) + "b")])
    let text = String(repeating: "a", count: 200_000)
    #expect(mask.masked(text).utf8.allSatisfy { $0 == UInt8(ascii: "*") })
  }
}
