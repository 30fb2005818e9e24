/// A part of a text that looks like a credential.
struct SecretShape {
  /// How many bytes it takes, with what stands before the secret itself.
  let length: Int
  /// How many of them stand before the secret, such as `Bearer `.
  var prefix = 0
  let kind: String

  /// The credential that seems to begin at a position, or nil.
  ///
  /// - Parameter isAfterSecret: whether a secret ends right before it, so that a word begins.
  static func matching(_ text: [UInt8], at position: Int, isAfterSecret: Bool) -> SecretShape? {
    guard position + 1 < text.count else { return nil }
    let isWord = isAfterSecret || startsWord(text, position)
    return switch (lowercased(text[position]), lowercased(text[position + 1])) {
    case (UInt8(ascii: "p"), UInt8(ascii: "l")): plystra(text, position, isWord: isWord)
    case (UInt8(ascii: "e"), UInt8(ascii: "y")): isWord ? webToken(text, position) : nil
    case (UInt8(ascii: "b"), UInt8(ascii: "e")), (UInt8(ascii: "b"), UInt8(ascii: "a")):
      scheme(text, position)
    default: nil
    }
  }

  // MARK: Plystra

  private static let plystraKinds: [(prefix: [UInt8], kind: String)] = [
    (Array("ply_ak_".utf8), SecretNames.Kind.apiKey),
    (Array("ply_at_".utf8), SecretNames.Kind.accessToken),
    (Array("ply_rt_".utf8), SecretNames.Kind.refreshToken),
    (Array("ply_".utf8), SecretNames.Kind.credential),
  ]
  /// A word within another word, such as `apply_at_once`, is a credential only if it is as long as one.
  private static let shortestWithinWord = 16

  private static func plystra(_ text: [UInt8], _ position: Int, isWord: Bool) -> SecretShape? {
    let found = plystraKinds.first { kind in
      text[position...].prefix(kind.prefix.count).elementsEqual(kind.prefix) { lowercased($0) == $1 }
    }
    guard let found else { return nil }
    var length = text[position...].prefix(while: isTokenByte).count
    // A full stop at the end ends the sentence.
    while text[position + length - 1] == UInt8(ascii: ".") { length -= 1 }
    let rest = length - found.prefix.count
    guard rest > 0, isWord || (found.prefix.count > 4 && rest >= shortestWithinWord) else { return nil }
    return SecretShape(length: length, kind: found.kind)
  }

  // MARK: Others

  /// A JSON Web Token: three parts in base64, the first of which is an object.
  private static func webToken(_ text: [UInt8], _ position: Int) -> SecretShape? {
    guard text[position...].starts(with: Array("eyJ".utf8)) else { return nil }
    let word = text[position...].prefix { isBase64Byte($0) || $0 == UInt8(ascii: ".") }
    let parts = word.split(separator: UInt8(ascii: "."))
    guard parts.count >= 2, parts.prefix(2).allSatisfy({ $0.count >= 4 }) else { return nil }
    return SecretShape(length: word.count, kind: SecretNames.Kind.token)
  }

  /// What follows `Bearer` or `Basic`, if it is not a word of a sentence.
  private static func scheme(_ text: [UInt8], _ position: Int) -> SecretShape? {
    for name in ["bearer ", "basic "] {
      let prefix = Array(name.utf8)
      guard text[position...].prefix(prefix.count).elementsEqual(prefix, by: { lowercased($0) == $1 }) else {
        continue
      }
      let token = text[(position + prefix.count)...].prefix(while: isTokenByte)
      guard token.count >= 12, token.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
      return SecretShape(
        length: prefix.count + token.count, prefix: prefix.count,
        kind: name == "bearer " ? SecretNames.Kind.accessToken : SecretNames.Kind.credential)
    }
    return nil
  }

  private static func startsWord(_ text: [UInt8], _ position: Int) -> Bool {
    position == 0 || !(isAlphanumeric(text[position - 1]) || text[position - 1] == UInt8(ascii: "_"))
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "._~+/=-".utf8.contains(byte)
  }

  private static func isBase64Byte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "_-+/=".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}

/// How an e-mail address is known in a text.
enum EmailAddress {
  /// How `@` is written: as it is, and in URLs, JSON and HTML.
  private static let signs = ["@", "%40", "\\u0040", "&#64;", "&#x40;"].map { Array($0.utf8) }

  /// How many bytes of the text are an `@`, 0 if none stands at the position.
  static func signLength(_ text: [UInt8], at position: Int) -> Int {
    guard "@%\\&".utf8.contains(text[position]) else { return 0 }
    return signs.first { text[position...].starts(with: $0) }?.count ?? 0
  }

  /// How many bytes from the position on are a domain with a dot in it, 0 if there is none.
  static func domainLength(_ text: [UInt8], at position: Int) -> Int {
    var domain = text[position...].prefix { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == 0x2E }
    while let last = domain.last, !isLetterOrDigit(last) { domain.removeLast() }
    guard let dot = domain.lastIndex(of: UInt8(ascii: ".")), dot > position, domain.endIndex - dot > 2 else {
      return 0
    }
    return domain.count
  }

  static func isLocal(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "._+-'!#$*/=?^`{|}~%".utf8.contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    default: false
    }
  }
}
