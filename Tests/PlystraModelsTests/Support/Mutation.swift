import TestSupport

/// Damages texts at random: flips, cuts, repeats, swaps, and pieces of the wire's own words in wrong places.
struct Mutation {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let words = [
    "true", "false", "null", "\"allow\"", "\"deny\"", "\"\"", "1", "0", "-0", "1e400", "{}", "[]",
    "\"ALLOW\"",
    "\"allow\":true,", "\"allow\":false,", "\"decision\":\"allow\",", "\"decision\":\"deny\",",
    "\"deny_code\":null,", "\"deny_code\":\"X\",", "\"data\":", "\"error\":null,", "\"error\":{},",
    "\"\\u0061llow\":true,", "\"trace\":{\"decision\":\"allow\"},", "\\u0061", "\\ud83d", "\u{FEFF}", ",",
    "}", "{",
    "\"", ":", "]", " ", "\n",
  ].map { Array($0.utf8) }

  /// A text with one to four things done to it.
  mutating func mutant(of text: [UInt8]) -> [UInt8] {
    var mutant = text
    for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&mutant) }
    return mutant
  }

  private mutating func mutate(_ text: inout [UInt8]) {
    guard text.count > 2 else { return }
    let place = Int.random(in: 0..<text.count, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: text[place] = .random(in: .min ... .max, using: &random)
    case 2: text.removeSubrange(range(in: text))
    case 3: text.insert(contentsOf: text[range(in: text)], at: place)
    case 4: text.removeLast(Int.random(in: 1...min(40, text.count - 1), using: &random))
    case 5:
      let other = Int.random(in: 0..<text.count, using: &random)
      text.swapAt(place, other)
    case 6: text.insert(contentsOf: Self.words.randomElement(using: &random) ?? [], at: boundary(in: text))
    default: text.replaceSubrange(range(in: text), with: Self.words.randomElement(using: &random) ?? [])
    }
  }

  private mutating func range(in text: [UInt8]) -> Range<Int> {
    let start = random.oneIn(2) ? boundary(in: text) : Int.random(in: 0..<text.count, using: &random)
    return start..<min(text.count, start + Int.random(in: 1...30, using: &random))
  }

  /// A place where a token begins, so that what is put there has a chance to be JSON.
  private mutating func boundary(in text: [UInt8]) -> Int {
    let start = Int.random(in: 0..<text.count, using: &random)
    return text[start...].firstIndex { "{,:[\"".utf8.contains($0) }.map { $0 + 1 } ?? start
  }
}
