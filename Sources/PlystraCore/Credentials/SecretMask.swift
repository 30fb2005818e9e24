/// Removes credentials from text that a server or proxy sent back.
///
/// It works on bytes, since what is next to a credential must not change whether it is found, as it would by
/// comparing characters.
struct SecretMask {
  private static let mask = Array("***".utf8)
  /// What a Plystra credential, or one in a header field, begins with.
  private static let prefixes = ["ply_ak_", "ply_at_", "ply_rt_", "bearer "].map { Array($0.utf8) }
  /// Shorter ones are found in ordinary words, and protect nothing.
  private static let shortestSecret = 4

  private let matcher: SecretMatcher
  /// For each byte, whether something that is to be masked may begin with it.
  private let mayBegin: [Bool]

  /// A mask for the given credentials, and for all that look like Plystra's.
  ///
  /// One of fewer than 4 bytes is not masked. One of fewer than 8 is masked in its own letter case only.
  init(_ secrets: [Secret]) {
    var matcher = SecretMatcher()
    for secret in Set(secrets) {
      secret.withExposedValue { value in
        if value.utf8.count >= Self.shortestSecret { matcher.insert(value, cut: .anywhere) }
      }
    }
    var mayBegin = matcher.mayBegin
    for byte in "pPbB".utf8 { mayBegin[Int(byte)] = true }
    self.matcher = matcher
    self.mayBegin = mayBegin
  }

  /// The text with `***` for every credential.
  func masked(_ text: String) -> String {
    String(decoding: masked(Array(text.utf8), atMost: .max), as: UTF8.self)
  }

  /// The beginning of a text with `***` for every credential: as many of its bytes as give `count`, or a few more.
  func masked(_ text: [UInt8], atMost count: Int) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < text.count, result.count < count {
      let length = mayBegin[Int(text[position])] ? credentialLength(at: position, in: text) : 0
      if length > 0 {
        result += Self.mask
        position += length
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  /// The value with every text masked, keys included, and every number that is a credential.
  func masked(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(masked(text))
    case .array(let elements): return .array(elements.map(masked))
    case .object(let object):
      return .object(JSONObject(object.map { (masked($0.key), masked($0.value)) }))
    case .integer, .number:
      let text = value.description
      let shown = masked(text)
      return shown == text ? value : .string(shown)
    case .null, .bool: return value
    }
  }

  private func credentialLength(at position: Int, in text: [UInt8]) -> Int {
    let known = matcher.match(at: position, in: text)?.length ?? 0
    return Self.prefixes.reduce(known) { max($0, Self.length(ofWordAfter: $1, at: position, in: text)) }
  }

  private static func length(ofWordAfter prefix: [UInt8], at position: Int, in text: [UInt8]) -> Int {
    let rest = text[position...]
    guard
      rest.prefix(prefix.count).elementsEqual(prefix, by: { $0 | ($0 < 0x5B && $0 > 0x40 ? 0x20 : 0) == $1 })
    else { return 0 }
    return prefix.count + rest.dropFirst(prefix.count).prefix(while: isTokenByte).count
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "._~+/=%-".utf8.contains(byte)
    }
  }
}
