import TestSupport

/// Makes inputs of the sample bodies, and of nothing, by damage.
struct DamagedDocuments {
  private let seed: UInt64
  private let documents: [[UInt8]]
  private var random: SplitMix

  private static let words = [
    "true", "false", "null", "\"allow\"", "\"deny\"", "\"decision\":\"allow\",", "\"allow\":true,",
    "\"data\":",
    "\"error\":{},", "\"deny_code\":null,", "\\u0061", "\\ud83d\\ude00", "\\ud83d", "\u{FEFF}", "1e400", "-0",
    "9223372036854775808", "0.1e-7", "123456789012345678901234567890", "\"\"", "[", "]", "{", "}", ",", ":",
    "\"",
    "\\", " ", "\n", "é", "財", "😀", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":{\"a\":",
  ].map { Array($0.utf8) }

  var count: Int { documents.count }

  init(seed: UInt64) throws {
    self.seed = seed
    random = SplitMix(state: seed)
    documents = try Fixtures.names().map { try Fixtures.body($0) } + [Array("{}".utf8), Array("[1,2]".utf8)]
  }

  /// The input of a number: a document, its data alone, or a piece of it, with one to eight things done to it; now and
  /// then random bytes.
  mutating func input(_ number: Int) -> [UInt8] {
    random = SplitMix(state: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    if random.below(16) == 0 {
      return (0..<random.below(64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    var text = documents[random.below(documents.count)]
    // Long lists cost time and add nothing but their first rows.
    if text.count > 8_000 { text = Array(text.prefix(5_000)) + Array("}]}".utf8) }
    if text.starts(with: Array("{\"data\":".utf8)), random.below(2) == 0 {
      let end = text.lastIndex(of: UInt8(ascii: ",")) ?? text.count
      text = Array(text[8..<max(8, end)])
    }
    if random.below(4) == 0 { text = Array(text[piece(of: text, atMost: 200)]) }
    for _ in 0..<random.below(9) { damage(&text) }
    return text
  }

  private mutating func damage(_ text: inout [UInt8]) {
    guard text.count > 1 else { return }
    let place = random.below(text.count)
    switch random.below(9) {
    case 0: text[place] ^= 1 << UInt8(random.below(8))
    case 1: text[place] = UInt8(truncatingIfNeeded: random.next())
    case 2: text.removeSubrange(piece(of: text, atMost: 40))
    case 3: text.insert(contentsOf: text[piece(of: text, atMost: 60)], at: place)
    case 4: text.removeLast(1 + random.below(min(40, text.count - 1)))
    case 5: text.swapAt(place, random.below(text.count))
    case 6:
      let other = documents[random.below(documents.count)]
      text.replaceSubrange(piece(of: text, atMost: 40), with: other[piece(of: other, atMost: 80)])
    default: text.insert(contentsOf: Self.words[random.below(Self.words.count)], at: place)
    }
  }

  private mutating func piece(of text: [UInt8], atMost length: Int) -> Range<Int> {
    let start = random.below(text.count)
    return start..<min(text.count, start + 1 + random.below(length))
  }
}

/// A small generator of random numbers with a seed.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }
}
