import PlystraCore

/// Gives every secret one placeholder, and finds it again wherever it is, as errors do: in another letter case, in
/// base64 or hexadecimal digits, escaped, and cut short.
struct SecretLedger: Sendable {
  /// How secrets are replaced.
  enum Style: Sendable {
    /// By `<redacted:KIND:PREFIXn>`, the same for the same secret.
    case numbered(prefix: String)
    /// By `***`.
    case mask
  }

  /// A secret that is searched for.
  struct Match {
    /// How many bytes it takes.
    let length: Int
    let placeholder: String
    /// Whether it is there to its end.
    let isWhole: Bool
  }

  /// Shorter ones are found in ordinary words: they are replaced where a name says what they are, and nowhere else.
  private static let shortestSearched = 6
  /// The same, of headers that may or may not hold a secret by their name.
  private static let shortestSearchedOfHeader = 12
  /// Addresses and numbers of people begin alike, so that they are searched for whole, unless they are longer than any.
  private static let longestPersonal = 320

  private let style: Style
  private var placeholders: [[UInt8]: String] = [:]
  private var counts: [String: Int] = [:]
  private var matcher = SecretMatcher()
  /// The placeholders of what the matcher searches for, by its numbers.
  private var searched: [String] = []
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
    if bytes.count >= shortest { search(for: secret, kind, placeholder) }
    return placeholder
  }

  private mutating func newPlaceholder(_ kind: String) -> String {
    guard case .numbered(let prefix) = style else { return Placeholder.mask }
    counts[kind, default: 0] += 1
    return Placeholder.text(kind: kind, id: prefix + String(counts[kind, default: 0]))
  }

  private mutating func search(for secret: String, _ kind: String, _ placeholder: String) {
    let isPersonal = kind == SecretNames.Kind.email || kind == SecretNames.Kind.phone
    let isShort = secret.utf8.count <= Self.longestPersonal
    matcher.insert(secret, cut: isPersonal && isShort ? .never : .atWordEnd)
    searched.append(placeholder)
    for byte in isInteresting.indices where matcher.mayBegin[byte] { isInteresting[byte] = true }
  }

  /// The secret at a position, or nil.
  ///
  /// - Parameter isCut: whether the text may end within a secret.
  func match(at position: Int, in text: [UInt8], isCut: Bool) -> Match? {
    matcher.match(at: position, in: text, isCut: isCut).map {
      Match(length: $0.length, placeholder: searched[$0.number], isWhole: $0.isWhole)
    }
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
