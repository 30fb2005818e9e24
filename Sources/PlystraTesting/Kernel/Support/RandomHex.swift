/// Makes hexadecimal digits for ids and tokens.
enum RandomHex {
  /// `count` lower-case digits from the system's source of randomness.
  @Sendable static func digits(_ count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return HexDigits.text(count) { generator.next() }
  }
}

/// Writes numbers as hexadecimal digits.
enum HexDigits {
  /// `count` lower-case digits, 16 from each word.
  static func text(_ count: Int, from nextWord: () -> UInt64) -> String {
    let table = Array("0123456789abcdef".utf8)
    var word: UInt64 = 0
    let digits = (0..<count).map { index -> UInt8 in
      if index % 16 == 0 { word = nextWord() }
      defer { word >>= 4 }
      return table[Int(word & 15)]
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
