import PlystraCore
import Testing

@testable import PlystraCurlTransport

@Suite("What is refused before anything is sent, character by character")
struct RequestCheckTests {
  /// The characters of a token (RFC 9110 §5.6.2).
  private static let tokenCharacters = Set(
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars)

  /// All of ASCII, and some beyond.
  private static let characters =
    (0..<0x80).compactMap(Unicode.Scalar.init) + ["\u{80}", "\u{C1}", "\u{E9}", "\u{2D2D}", "\u{FFFD}"]

  private func accepts(_ request: TransportRequest) -> Bool { (try? RequestCheck.origin(of: request)) != nil }

  /// A text of letters with another character in one place.
  private func text(of length: Int, with character: Unicode.Scalar, at place: Int) -> String {
    var text = ""
    for index in 0..<length { text.unicodeScalars.append(index == place ? character : "x") }
    return text
  }

  /// Whether a check of a text is as it should be for every character in every place of it.
  private func expect(
    ofLength length: Int, _ isAllowed: (Unicode.Scalar) -> Bool, _ check: (String) -> Bool
  ) {
    for character in Self.characters {
      for place in 0..<length {
        let text = text(of: length, with: character, at: place)
        #expect(check(text) == isAllowed(character), "\(character.value) at \(place) of \(length)")
      }
    }
  }

  @Test("a field name is a token", arguments: [1, 2, 7, 8, 9, 15, 16, 17, 20])
  func names(length: Int) {
    expect(ofLength: length, Self.tokenCharacters.contains) { name in
      accepts(curlRequest("GET", "http://a/", headers: [name: "v"]))
    }
  }

  @Test("a method is a token", arguments: [1, 4, 8, 11])
  func methods(length: Int) {
    expect(ofLength: length, Self.tokenCharacters.contains) { accepts(curlRequest($0, "http://a/")) }
  }

  @Test("a field value has no control characters but tabs", arguments: [1, 7, 8, 9, 17, 24])
  func values(length: Int) {
    expect(ofLength: length, { $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }) { value in
      accepts(curlRequest("GET", "http://a/", headers: ["X": value]))
    }
  }

  @Test("a URL has none but the characters of ASCII that are seen", arguments: [1, 7, 8, 9, 17, 24])
  func urls(length: Int) {
    expect(ofLength: length, { (0x21...0x7E).contains($0.value) }) { path in
      accepts(curlRequest("GET", "http://a/" + path))
    }
  }

  @Test("nothing is empty, and the transport's own fields are not given")
  func others() {
    #expect(!accepts(curlRequest("", "http://a/")))
    #expect(!accepts(curlRequest("GET", "http://a/", headers: ["": "v"])))
    #expect(accepts(curlRequest("GET", "http://a/", headers: ["X": ""])))
    for name in ["Host", "host", "HOST", "Content-Length", "content-length", "Transfer-Encoding"] {
      #expect(!accepts(curlRequest("GET", "http://a/", headers: [name: "1"])))
    }
    for name in ["Hosts", "Hast", "Content_Length", "Content-Lengths", "Transfer-Encodinh"] {
      #expect(accepts(curlRequest("GET", "http://a/", headers: [name: "1"])))
    }
  }
}
