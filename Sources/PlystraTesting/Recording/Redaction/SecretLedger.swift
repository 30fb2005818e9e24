import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Gives every secret one placeholder, and finds it again wherever it stands.
struct SecretLedger: Sendable {
  /// How secrets are replaced.
  enum Style: Sendable {
    /// By `<redacted:KIND:PREFIXn>`, the same for the same secret.
    case numbered(prefix: String)
    /// By `***`.
    case mask
  }

  /// A way in which a secret may be written.
  private struct Form: Sendable {
    let bytes: [UInt8]
    let placeholder: String
  }

  /// Shorter ones are found in ordinary words: they are replaced where a name says what they are, and nowhere else.
  private static let shortestSearched = 6
  /// The same, of headers that may or may not hold a secret by their name.
  private static let shortestSearchedOfHeader = 12
  /// As much of a secret as is known for one where a text was cut off.
  private static let shortestCut = 6

  private let style: Style
  private var placeholders: [[UInt8]: String] = [:]
  private var counts: [String: Int] = [:]
  /// What is searched for, by first byte, the longest first.
  private var forms: [UInt8: [Form]] = [:]
  /// For each byte, whether something that a scanner looks for may begin with it.
  private(set) var isInteresting: [Bool]

  init(_ style: Style) {
    self.style = style
    isInteresting = Array(repeating: false, count: 256)
    for byte in "<@%\\&=\"pPeBb".utf8 { isInteresting[Int(byte)] = true }
  }

  /// How many secrets it holds.
  var count: Int { placeholders.count }

  /// The placeholder of a secret; a new one if it was not seen before, an empty text as it is.
  mutating func placeholder(for secret: String, kind: String) -> String {
    let bytes = Array(secret.utf8)
    if bytes.isEmpty || Placeholder.length(at: 0, in: bytes) == bytes.count { return secret }
    if let known = placeholders[bytes] { return known }
    let placeholder = newPlaceholder(kind)
    placeholders[bytes] = placeholder
    let shortest =
      kind == SecretNames.Kind.header ? Self.shortestSearchedOfHeader : Self.shortestSearched
    if bytes.count >= shortest { search(for: secret, placeholder) }
    return placeholder
  }

  private mutating func newPlaceholder(_ kind: String) -> String {
    guard case .numbered(let prefix) = style else { return Placeholder.mask }
    counts[kind, default: 0] += 1
    return Placeholder.text(kind: kind, id: prefix + String(counts[kind, default: 0]))
  }

  private mutating func search(for secret: String, _ placeholder: String) {
    for bytes in Set(Self.spellings(of: secret)) {
      guard let first = bytes.first else { continue }
      var sameStart = forms[first] ?? []
      guard !sameStart.contains(where: { $0.bytes == bytes }) else { continue }
      sameStart.append(Form(bytes: bytes, placeholder: placeholder))
      isInteresting[Int(first)] = true
      forms[first] = sameStart.sorted { $0.bytes.count > $1.bytes.count }
    }
  }

  /// A secret as it is, and as JSON, URLs, forms, HTML and base64 write it.
  private static func spellings(of secret: String) -> [[UInt8]] {
    let quoted = JSONValue.string(secret).serialized()
    let encoded = PercentEncoding.encoded(secret)
    let html = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
    return [
      Array(secret.utf8), Array(quoted.dropFirst().dropLast()), Array(encoded.utf8),
      Array(PercentEncoding.encoded(secret, lowercase: true).utf8),
      Array(encoded.replacing("%20", with: "+").utf8), Array(html.utf8),
      Array(Data(secret.utf8).base64EncodedString().utf8),
    ]
  }

  /// The secret that stands at a position: how many bytes it takes there, and its placeholder.
  ///
  /// - Parameter isCut: whether the text may end within a secret.
  func match(at position: Int, in text: [UInt8], isCut: Bool) -> (length: Int, placeholder: String)? {
    guard let candidates = forms[text[position]] else { return nil }
    let rest = text[position...]
    for form in candidates {
      if rest.starts(with: form.bytes) { return (form.bytes.count, form.placeholder) }
      if isCut, rest.count >= Self.shortestCut, form.bytes.starts(with: rest) {
        return (rest.count, form.placeholder)
      }
    }
    return nil
  }
}

/// How a placeholder is written: in characters that a header value, a token and an e-mail address may hold.
enum Placeholder {
  static let mask = "***"
  private static let opening = Array("<redacted:".utf8)

  static func text(kind: String, id: String) -> String { "<redacted:\(kind):\(id)>" }

  /// How many bytes of a text are a placeholder, 0 if none stands at the position.
  static func length(at position: Int, in text: [UInt8]) -> Int {
    guard text[position] == UInt8(ascii: "<") else { return 0 }
    let rest = text[position...]
    guard rest.starts(with: opening),
      let end = rest.dropFirst(opening.count).prefix(64).firstIndex(of: UInt8(ascii: ">"))
    else { return 0 }
    let parts = rest[(position + opening.count)..<end].split(
      separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isNameByte) }) else { return 0 }
    return end - position + 1
  }

  /// `<redacted:KIND` of a placeholder.
  static func kind(of placeholder: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    placeholder[..<(placeholder.lastIndex(of: UInt8(ascii: ":")) ?? placeholder.endIndex)]
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, 0x5F, 0x2D: true
    default: false
    }
  }
}
