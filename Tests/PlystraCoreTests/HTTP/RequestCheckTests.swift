import PlystraCore
import Testing

@Suite("What is refused before anything is sent, character by character")
struct RequestCheckTests {
  /// The characters of a token (RFC 9110 §5.6.2).
  private static let tokenCharacters = Set(
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".unicodeScalars)

  /// All of ASCII, and some beyond.
  private static let characters =
    (0..<0x80).compactMap(Unicode.Scalar.init) + ["\u{80}", "\u{C1}", "\u{E9}", "\u{2D2D}", "\u{FFFD}"]

  private func accepts(
    _ method: String = "GET", _ url: String = "http://a/", headers: TransportHeaders = [:],
    body: [UInt8]? = nil
  ) -> Bool {
    (try? TransportRequest(method: method, url: url, headers: headers, body: body).check()) != nil
  }

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
      accepts(headers: [name: "v"])
    }
  }

  @Test("a method is a token", arguments: [1, 4, 8, 11])
  func methods(length: Int) {
    expect(ofLength: length, Self.tokenCharacters.contains) { accepts($0) }
  }

  @Test("a field value has no control characters but tabs", arguments: [1, 7, 8, 9, 17, 24])
  func values(length: Int) {
    expect(ofLength: length, { $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }) { value in
      accepts(headers: ["X": value])
    }
  }

  @Test("a URL has none but the characters of ASCII that are seen", arguments: [1, 7, 8, 9, 17, 24])
  func urls(length: Int) {
    expect(ofLength: length, { (0x21...0x7E).contains($0.value) }) { path in
      accepts("GET", "http://a/" + path)
    }
  }

  @Test("Names are not empty, and the transport's own fields are not given")
  func others() {
    #expect(!accepts(""))
    #expect(!accepts(headers: ["": "v"]))
    #expect(accepts(headers: ["X": ""]))
    for name in ["Host", "host", "HOST", "Content-Length", "content-length", "Transfer-Encoding"] {
      #expect(!accepts(headers: [name: "1"]))
    }
    for name in ["Hosts", "Hast", "Content_Length", "Content-Lengths", "Transfer-Encodinh"] {
      #expect(accepts(headers: [name: "1"]))
    }
  }

  @Test("HEAD has no body")
  func head() {
    #expect(!accepts("HEAD", body: [1]))
    #expect(accepts("HEAD", body: []))
    #expect(accepts("GET", body: [1]))
  }

  @Test(
    "Scheme and authority are found, whatever follows",
    arguments: [
      "http://a", "https://a", "HTTPS://A.example:8443", "http://[::1]:80", "https://127.0.0.1",
    ])
  func origins(origin: String) throws {
    for rest in ["", "/", "/a/b?c#d", "?a=/", "#a", "/u@h", "?u@h", "\\u@h"] {
      #expect(try TransportRequest(method: "GET", url: origin + rest).check() == origin.utf8.count)
    }
  }

  @Test(
    "Other schemes, no host and user information are refused, unquoted",
    arguments: [
      ("", "http://"), ("s3cret", "http://"), ("ftp://s3cret/", "http://"), ("http:/s3cret", "http://"),
      ("httpss://s3cret", "http://"), ("http", "http://"), ("http:s3cret//", "http://"),
      ("http:///s3cret", "host"), ("http://", "host"), ("https://?s3cret", "host"),
      ("http://#s3cret", "host"),
      ("https://user:s3cret@a/", "user information"), ("http://s3cret@a", "user information"),
      ("http://@s3cret", "user information"),
    ])
  func otherURLs(url: String, reason: String) {
    let error = #expect(throws: TransportError.self) {
      try TransportRequest(method: "GET", url: url).check()
    }
    #expect(error?.kind == .other && error?.mayHaveBeenSent == false)
    #expect(error?.message.contains("URL") == true && error?.message.contains(reason) == true)
    #expect(error?.message.contains("s3cret") == false)
  }
}
