/// Finds a credential in a text that somebody else wrote: verbatim, or escaped as JSON, URLs and HTML escape
/// characters, and also where the text was cut off within it.
package struct SecretMatcher: Sendable {
  /// A way of escaping, named by the byte that an escape begins with.
  private enum Escaping: UInt8, CaseIterable {
    case json = 0x5C  // backslash
    case percent = 0x25
    case html = 0x26  // ampersand
  }

  private let secret: [UInt8]
  private let recognizableBytes: Int

  /// - Parameter recognizableBytes: how many first bytes of a credential are enough to know it by, whatever follows.
  package init(_ secret: String, recognizableBytes: Int = 8) {
    self.secret = Array(secret.utf8)
    self.recognizableBytes = recognizableBytes
  }

  /// The bytes with which the credential, escaped or not, may begin.
  package var firstBytes: [UInt8] { secret.prefix(1) + Escaping.allCases.map(\.rawValue) }

  /// How many bytes of the text are the credential, or enough of its beginning; 0 if it does not stand there.
  ///
  /// - Parameter shortestEnd: how many first bytes are enough where the text ends with them.
  package func length(at start: Int, in text: [UInt8], shortestEnd: Int = .max) -> Int {
    guard let first = secret.first, text[start] == first || Escaping(rawValue: text[start]) != nil else {
      return 0
    }
    let plain = length(at: start, in: text, escaping: nil, shortestEnd)
    return Escaping.allCases.reduce(plain) { longest, escaping in
      max(longest, length(at: start, in: text, escaping: escaping, shortestEnd))
    }
  }

  private func length(
    at start: Int, in text: [UInt8], escaping: Escaping?, _ shortestEnd: Int
  ) -> Int {
    var position = start
    var matched = 0
    while matched < secret.count, position < text.count {
      let byte = text[position]
      if byte == escaping?.rawValue, let unit = Self.unit(of: text[position...].prefix(12), escaping) {
        guard secret[matched...].starts(with: unit.bytes) else { break }
        matched += unit.bytes.count
        position += unit.length
      } else {
        // In a query, a plus sign may mean a space.
        let isSpace = byte == UInt8(ascii: "+") && escaping == .percent && secret[matched] == 0x20
        guard isSpace || byte == secret[matched] else { break }
        matched += 1
        position += 1
      }
    }
    let isRecognized =
      matched == secret.count || matched >= recognizableBytes
      || position == text.count && matched >= shortestEnd
    return isRecognized ? position - start : 0
  }

  /// One character of an escaped text.
  private struct Unit {
    var bytes: [UInt8]
    var length: Int

    init(_ byte: UInt8, length: Int) {
      bytes = [byte]
      self.length = length
    }

    init?(code: UInt32?, length: Int) {
      guard let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
      bytes = Array(UTF8.encode(scalar) ?? .init())
      self.length = length
    }
  }

  /// The character at the beginning of a text, if it is escaped.
  private static func unit(of text: ArraySlice<UInt8>, _ escaping: Escaping?) -> Unit? {
    switch escaping {
    case .json: jsonEscape(text)
    case .percent: percentEscape(text)
    case .html: entity(text)
    case nil: nil
    }
  }

  private static func jsonEscape(_ text: ArraySlice<UInt8>) -> Unit? {
    guard let letter = text.dropFirst().first else { return nil }
    switch letter {
    case UInt8(ascii: "b"): return Unit(0x08, length: 2)
    case UInt8(ascii: "f"): return Unit(0x0C, length: 2)
    case UInt8(ascii: "n"): return Unit(0x0A, length: 2)
    case UInt8(ascii: "r"): return Unit(0x0D, length: 2)
    case UInt8(ascii: "t"): return Unit(0x09, length: 2)
    case UInt8(ascii: "u"):
      guard let high = number(text.dropFirst(2).prefix(4), radix: 16) else { return nil }
      if let unit = Unit(code: high, length: 6) { return unit }
      guard let low = number(text.dropFirst(8).prefix(4), radix: 16), low & 0xFC00 == 0xDC00 else {
        return nil
      }
      return Unit(code: 0x10000 + (high & 0x3FF) << 10 + low & 0x3FF, length: 12)
    default: return Unit(letter, length: 2)
    }
  }

  private static func percentEscape(_ text: ArraySlice<UInt8>) -> Unit? {
    let digits = text.dropFirst().prefix(2)
    return digits.count == 2 ? number(digits, radix: 16).map { Unit(UInt8($0), length: 3) } : nil
  }

  private static func entity(_ text: ArraySlice<UInt8>) -> Unit? {
    guard let end = text.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = text[(text.startIndex + 1)..<end]
    let length = end - text.startIndex + 1
    if name.first == UInt8(ascii: "#") {
      let isHex = name.dropFirst().first == UInt8(ascii: "x") || name.dropFirst().first == UInt8(ascii: "X")
      return Unit(code: number(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10), length: length)
    }
    let named: [String: UInt8] = ["amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27]
    return named[String(decoding: name, as: UTF8.self)].map { Unit($0, length: length) }
  }

  private static func number(_ digits: ArraySlice<UInt8>, radix: Int) -> UInt32? {
    UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
  }
}
