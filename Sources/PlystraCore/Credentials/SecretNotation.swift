/// How a credential is written where it is repeated, before anything is escaped.
struct SecretNotation: Sendable {
  /// Which bytes count as the same.
  enum Alphabet {
    case exact
    /// ASCII letters of either case.
    case anyCase
    /// The standard alphabet of base64 and the URL-safe one.
    case base64
  }

  /// What is searched for, with one byte for all that count as the same.
  let bytes: [UInt8]
  let alphabet: Alphabet
  /// Thirds of a byte of the spelling that one byte of the credential takes.
  private let thirdsPerByte: Int

  /// Shorter credentials are found in ordinary words of another case, and so are shorter spellings.
  private static let shortest = 8

  /// Verbatim, in another case, in hexadecimal digits, and in base64 after 0, 1 or 2 bytes of something else.
  ///
  /// A credential of fewer than 8 bytes is searched for in its own case only, and in base64 or hexadecimal digits only
  /// where those have 8 characters or more.
  static func all(of secret: String) -> [SecretNotation] {
    let secret = Array(secret.utf8)
    let encoded =
      (0..<3).map { SecretNotation(base64(secret, after: $0), .base64, thirdsPerByte: 4) }
      + [SecretNotation(hexadecimal(secret), .anyCase, thirdsPerByte: 6)]
    let isLong = secret.count >= shortest
    return [SecretNotation(secret, isLong ? .anyCase : .exact, thirdsPerByte: 3)]
      + encoded.filter { $0.bytes.count >= shortest }
  }

  private init(_ bytes: [UInt8], _ alphabet: Alphabet, thirdsPerByte: Int) {
    self.alphabet = alphabet
    self.thirdsPerByte = thirdsPerByte
    self.bytes = bytes.map { Self.plain($0, alphabet) }
  }

  /// How long the spelling of so many bytes of a credential is, rounded up.
  func length(ofBytes count: Int) -> Int { (count * thirdsPerByte + 2) / 3 }

  /// The byte by which those that count as the same are compared.
  func plain(_ byte: UInt8) -> UInt8 { Self.plain(byte, alphabet) }

  private static func plain(_ byte: UInt8, _ alphabet: Alphabet) -> UInt8 {
    switch (alphabet, byte) {
    case (.anyCase, 0x41...0x5A): byte | 0x20
    case (.base64, UInt8(ascii: "-")): UInt8(ascii: "+")
    case (.base64, UInt8(ascii: "_")): UInt8(ascii: "/")
    default: byte
    }
  }

  /// How many bytes of base64 follow at a position: they hold what stood next to the credential.
  func rest(at position: Int, in text: [UInt8]) -> Int {
    guard alphabet == .base64 else { return 0 }
    return text[position...].prefix { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "+/-_=".utf8.contains(byte)
      }
    }.count
  }

  private static let base64Digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

  private static func hexadecimal(_ secret: [UInt8]) -> [UInt8] {
    secret.flatMap { [hexadecimalDigits[Int($0 >> 4)], hexadecimalDigits[Int($0 & 15)]] }
  }

  /// The characters of base64 that a credential alone decides, whatever stands next to it.
  private static func base64(_ secret: [UInt8], after offset: Int) -> [UInt8] {
    var digits: [UInt8] = []
    var bits = 0
    var count = 0
    for byte in Array(repeating: 0, count: offset) + secret {
      bits = (bits << 8 | Int(byte)) & 0xFFFF
      count += 8
      while count >= 6 {
        count -= 6
        digits.append(base64Digits[bits >> count & 63])
      }
    }
    return Array(digits.dropFirst((offset * 8 + 5) / 6))
  }
}
