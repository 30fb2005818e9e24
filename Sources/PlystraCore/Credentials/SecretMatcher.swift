/// Finds credentials in a text that somebody else wrote: verbatim or in another spelling, escaped as JSON, URLs and
/// HTML escape characters, and also where the text was cut off within one.
///
/// Errors and recordings use the same matcher. To look at one position takes a time that does not depend on the length
/// of the text, so a search takes a time in proportion to it.
package struct SecretMatcher: Sendable {
  /// Where the beginning of a credential is enough to know it by.
  package enum Cut: Sendable {
    /// After 8 bytes, whatever follows.
    case anywhere
    /// After 8 bytes if a word ends there, after 16 whatever follows.
    case atWordEnd
    /// Nowhere: it is found whole.
    case never
  }

  /// A credential in a text.
  package struct Match {
    /// How many bytes it takes.
    package let length: Int
    /// Which it is, as ``insert(_:cut:)`` numbered it.
    package let number: Int
    /// Whether it is there to its end.
    package let isWhole: Bool
  }

  private struct Entry {
    let notation: SecretNotation
    let number: Int
    let cut: Cut
  }

  private static let enough = 8
  private static let enoughWithinWord = 16
  /// How many first bytes are enough where a text that was cut off ends with them.
  private static let enoughAtEnd = 6

  /// What is searched for, by the byte that it begins with.
  private var entries: [[Entry]] = Array(repeating: [], count: 256)
  private var count = 0
  /// For each byte, whether a credential, escaped or not, may begin with it.
  package private(set) var mayBegin = Array(repeating: false, count: 256)

  /// Searches for nothing.
  package init() {}

  /// Searches for another credential, which is not empty.
  ///
  /// - Returns: its number: 0, 1, 2 and so on.
  @discardableResult
  package mutating func insert(_ secret: String, cut: Cut) -> Int {
    for notation in SecretNotation.all(of: secret) {
      for byte in UInt8.min...UInt8.max where notation.plain(byte) == notation.bytes.first {
        entries[Int(byte)].append(Entry(notation: notation, number: count, cut: cut))
        mayBegin[Int(byte)] = true
      }
    }
    for escape in TextEscape.allCases { mayBegin[Int(escape.opening)] = true }
    defer { count += 1 }
    return count
  }

  /// The credential at a position of a text, or nil if none, or not enough of one, is there.
  ///
  /// - Parameter isCut: whether the text may end within a credential.
  package func match(at start: Int, in text: [UInt8], isCut: Bool = false) -> Match? {
    guard mayBegin[Int(text[start])] else { return nil }
    var best = longest(of: entries[Int(text[start])], at: start, in: text, escape: nil, isCut)
    for escape in TextEscape.allCases {
      let first = escape.unit(at: start, in: text)?.bytes.first ?? text[start]
      let match = longest(of: entries[Int(first)], at: start, in: text, escape: escape, isCut)
      if let match, match.length > best?.length ?? 0 { best = match }
    }
    return best
  }

  private func longest(
    of entries: [Entry], at start: Int, in text: [UInt8], escape: TextEscape?, _ isCut: Bool
  ) -> Match? {
    var best: Match?
    for entry in entries {
      let match = Self.match(entry, at: start, in: text, escape: escape, isCut)
      if let match, match.length > best?.length ?? 0 { best = match }
    }
    return best
  }

  private static func match(
    _ entry: Entry, at start: Int, in text: [UInt8], escape: TextEscape?, _ isCut: Bool
  ) -> Match? {
    let notation = entry.notation
    let secret = notation.bytes
    var position = start
    var matched = 0
    func isNext(_ byte: UInt8, at index: Int) -> Bool {
      guard index < secret.count else { return false }
      let isSpace = byte == UInt8(ascii: "+") && secret[index] == 0x20 && escape?.readsPlusAsSpace == true
      return isSpace || notation.plain(byte) == secret[index]
    }
    while matched < secret.count, position < text.count {
      if let unit = escape?.unit(at: position, in: text) {
        guard unit.bytes.indices.allSatisfy({ isNext(unit.bytes[$0], at: matched + $0) }) else { break }
        matched += unit.bytes.count
        position += unit.length
      } else {
        guard isNext(text[position], at: matched) else { break }
        matched += 1
        position += 1
      }
    }
    let isWhole = matched == secret.count
    let isEnough =
      isWhole || isCut && position == text.count && matched >= notation.length(ofBytes: enoughAtEnd)
      || isKnown(by: matched, of: entry, before: position, in: text)
    guard isEnough else { return nil }
    position += notation.rest(at: position, in: text)
    return Match(length: position - start, number: entry.number, isWhole: isWhole)
  }

  /// Whether the beginning of a credential is enough to know it by.
  private static func isKnown(
    by matched: Int, of entry: Entry, before position: Int, in text: [UInt8]
  ) -> Bool {
    switch entry.cut {
    case .never: return false
    case .anywhere: return matched >= entry.notation.length(ofBytes: enough)
    case .atWordEnd:
      if matched >= entry.notation.length(ofBytes: enoughWithinWord) { return true }
      guard matched >= entry.notation.length(ofBytes: enough) else { return false }
      return position == text.count || !isWordByte(text[position])
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }
}
