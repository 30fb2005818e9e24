import Foundation

/// A way in which a service, proxy or log may repeat a credential.
package struct SecretSpelling: Sendable, CustomStringConvertible {
  /// The name of the spelling.
  package let description: String
  /// The text that repeats the credential.
  package let text: String
  /// A part of the text that must not be left of it.
  package let tell: String

  private init(_ name: String, _ text: String, from start: Int = 0) {
    description = name
    self.text = text
    tell = String(text.dropFirst(start).prefix(10))
  }

  /// Spellings of a credential of ASCII characters.
  package static func all(of secret: String) -> [SecretSpelling] {
    let encodings = (0..<3).flatMap { offset in
      let base64 = Data((String(repeating: "x", count: offset) + secret).utf8).base64EncodedString()
      let urlSafe = base64.replacing("+", with: "-").replacing("/", with: "_")
      return [
        SecretSpelling("base64 after \(offset) bytes", base64, from: 4),
        SecretSpelling("base64 after \(offset) bytes, escaped", percent(base64), from: 4),
        SecretSpelling("base64 after \(offset) bytes, without padding", unpadded(base64), from: 4),
        SecretSpelling("URL-safe base64 after \(offset) bytes", urlSafe, from: 4),
        SecretSpelling(
          "URL-safe base64 after \(offset) bytes, without padding", unpadded(urlSafe), from: 4),
      ]
    }
    let hex = secret.utf8.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    let everyByte = secret.utf8.map { "%" + String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    return encodings + [
      SecretSpelling("verbatim", secret), SecretSpelling("in upper case", secret.uppercased()),
      SecretSpelling("in lower case", secret.lowercased()),
      SecretSpelling("percent-encoded", percent(secret)),
      SecretSpelling("percent-encoded throughout", everyByte),
      SecretSpelling("percent-encoded twice", percent(percent(secret))),
      SecretSpelling("percent-encoded throughout, twice", percent(everyByte)),
      SecretSpelling("in hexadecimal digits", hex), SecretSpelling("in upper-case digits", hex.uppercased()),
      SecretSpelling(
        "for Basic authentication", Data("user:\(secret)".utf8).base64EncodedString(), from: 8),
      SecretSpelling(
        "for Basic authentication, as the user", Data("\(secret):".utf8).base64EncodedString()),
      SecretSpelling("cut short", String(secret.prefix(9)) + "…"),
    ]
  }

  private static func unpadded(_ base64: String) -> String { base64.replacing("=", with: "") }

  /// The text with everything percent-encoded that is not unreserved.
  private static func percent(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      return character.isLetter || character.isNumber
        ? String(character) : "%" + String(UInt16(byte) + 0x100, radix: 16, uppercase: true).dropFirst()
    }.joined()
  }
}
