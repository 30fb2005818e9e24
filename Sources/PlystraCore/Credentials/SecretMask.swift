/// Removes credentials from text that a server or proxy sent back.
struct SecretMask {
  private static let mask = "***"
  private static let prefixes = ["ply_ak_", "ply_at_", "ply_rt_", "Bearer "]

  private let known: [String]

  /// A mask for the given credentials, and for all that look like Plystra's.
  init(_ secrets: [Secret]) {
    known = secrets.map { $0.withExposedValue { $0 } }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
  }

  /// The text with `***` for every credential.
  func masked(_ text: String) -> String {
    var result = text
    for secret in known { result = result.replacing(secret, with: Self.mask) }
    for prefix in Self.prefixes { result = Self.maskWords(after: prefix, in: result) }
    return result
  }

  /// The value with every text masked, keys included.
  func masked(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(masked(text))
    case .array(let elements): .array(elements.map(masked))
    case .object(let object):
      .object(JSONObject(object.map { (masked($0.key), masked($0.value)) }))
    default: value
    }
  }

  private static func maskWords(after prefix: String, in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let found = rest.firstRange(of: prefix) {
      result += rest[..<found.lowerBound]
      rest = rest[found.upperBound...].drop { character in
        character.isASCII && (character.isLetter || character.isNumber || "._~+/=-".contains(character))
      }
      result += mask
    }
    return result + rest
  }
}
