import PlystraCore
import Testing

@testable import PlystraModels

@Suite("Texts, byte by byte")
struct TextBytesTests {
  @Test(
    "texts are the same if all their bytes are, whatever Unicode calls equivalent",
    arguments: [
      ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("", "\0", false),
      ("a text that is too long to be small", "a text that is too long to be small", true),
      ("a text that is too long to be small", "a text that is too long to be smalL", false),
      ("\u{E9}", "\u{E9}", true), ("\u{E9}", "e\u{301}", false),
      // Equivalent, and of three bytes both.
      ("\u{212B}", "A\u{30A}", false),
    ])
  func sameBytes(left: String, right: String, isSame: Bool) {
    #expect(left.hasSameBytes(as: right) == isSame)
    #expect(right.hasSameBytes(as: left) == isSame)
  }

  @Test(
    "a text is cut at the first occurrence of another",
    arguments: [
      ("https://h://x", "https", "h://x"), ("://", "", ""), (":://", ":", ""),
      ("\u{E9}://\u{E9}", "\u{E9}", "\u{E9}"),
    ])
  func cut(text: String, before: String, after: String) throws {
    let parts = try #require(text.cut(at: "://"))
    #expect(parts.before == before)
    #expect(parts.after == after)
    #expect(text.includes("://"))
  }

  @Test("a text without the other is not cut", arguments: ["", ":", ":/", "https:/h/", "https:/ /h"])
  func notCut(text: String) {
    #expect(text.cut(at: "://") == nil)
    #expect(!text.includes("://"))
  }

  @Test("an ASCII text counts as found where a combining character follows it")
  func combining() {
    #expect("x-token\u{301}".includes("token"))
  }

  @Test(
    "a text is blank if it is empty or only white space, however it begins",
    arguments: [
      ("", true), (" ", true), ("\t\r\n ", true), ("\u{A0}\u{3000}", true), ("a", false), ("!", false),
      ("~", false),
      (" a", false), ("\u{A0}a", false), ("\0", false), ("\u{7F}", false), ("\u{E9}", false), ("a ", false),
    ])
  func blank(text: String, isBlank: Bool) {
    #expect(text.isWhiteSpaceOnly == isBlank)
  }
}
