/// A way in which texts escape characters.
enum TextEscape: CaseIterable {
  case json, percent, percentTwice, html

  /// The byte that an escape begins with.
  var opening: UInt8 {
    switch self {
    case .json: UInt8(ascii: "\\")
    case .percent, .percentTwice: UInt8(ascii: "%")
    case .html: UInt8(ascii: "&")
    }
  }

  /// Whether a plus sign may mean a space, as it does in a query.
  var readsPlusAsSpace: Bool { self == .percent || self == .percentTwice }

  /// One escaped character: the bytes that it stands for, and how many bytes of the text it takes.
  struct Unit {
    var bytes: [UInt8]
    var length: Int

    fileprivate init(_ byte: UInt8, length: Int) {
      bytes = [byte]
      self.length = length
    }

    fileprivate init?(code: UInt32?, length: Int) {
      guard let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
      bytes = Array(UTF8.encode(scalar) ?? .init())
      self.length = length
    }
  }

  /// The longest escape that is read, in bytes.
  private static let longest = 12

  /// The character at a position of a text, or nil if it is not escaped in this way.
  func unit(at position: Int, in text: [UInt8]) -> Unit? {
    guard text[position] == opening else { return nil }
    let rest = text[position...].prefix(Self.longest)
    return switch self {
    case .json: Self.jsonEscape(rest)
    case .percent: Self.percentEscape(rest, sign: 1)
    case .percentTwice:
      rest.dropFirst().starts(with: "25".utf8) ? Self.percentEscape(rest, sign: 3) : nil
    case .html: Self.entity(rest)
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

  /// - Parameter sign: how many bytes the percent sign takes.
  private static func percentEscape(_ text: ArraySlice<UInt8>, sign: Int) -> Unit? {
    let digits = text.dropFirst(sign).prefix(2)
    return digits.count == 2 ? number(digits, radix: 16).map { Unit(UInt8($0), length: sign + 2) } : nil
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
