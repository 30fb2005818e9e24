import PlystraCore
import PlystraModels

/// A second reading of JSON to judge the product's by: slow, plain, written from RFC 8259 alone, and keeping every
/// member of an object, those of a repeated key too.
indirect enum ReferenceJSON {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([ReferenceJSON])
  case object([(key: String, value: ReferenceJSON)])

  /// The text's value, or nil if it is not JSON as the product has to take it.
  static func parse(_ bytes: [UInt8]) -> ReferenceJSON? {
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    var parser = ReferenceParser(text: text)
    guard let value = parser.value(depth: 0) else { return nil }
    parser.skipSpace()
    return parser.text.isEmpty ? value : nil
  }

  /// Whether a key appears twice in an object, except inside `metadata` and `details`.
  var hasRepeatedKey: Bool {
    switch self {
    case .array(let elements): return elements.contains(where: \.hasRepeatedKey)
    case .object(let members):
      return members.contains { values(of: $0.key).count > 1 }
        || members.contains { !["metadata", "details"].contains($0.key) && $0.value.hasRepeatedKey }
    default: return false
    }
  }

  /// All values of a key, none if this is not an object.
  func values(of key: String) -> [ReferenceJSON] {
    guard case .object(let members) = self else { return [] }
    return members.filter { $0.key.utf8.elementsEqual(key.utf8) }.map(\.value)
  }

  /// The same value as the product's type, of a repeated key the last.
  var value: JSONValue {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let text): Self.number(text)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.value) }))
    }
  }

  private static func number(_ text: String) -> JSONValue {
    if text != "-0", let integer = Int64(text) { return .integer(integer) }
    return .number(Double(text) ?? .nan)
  }

  /// Whether any object has two keys that Unicode holds for the same.
  var repeatsKeys: Bool {
    switch self {
    case .array(let elements): elements.contains(where: \.repeatsKeys)
    case .object(let members):
      Set(members.map(\.key)).count < members.count || members.contains(where: \.value.repeatsKeys)
    default: false
    }
  }
}

/// Takes a text apart from its front; every function answers nil where the text is wrong.
private struct ReferenceParser {
  var text: ArraySlice<UInt8>

  mutating func skipSpace() { text = text.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

  mutating func take(_ literal: String) -> Bool {
    guard text.starts(with: literal.utf8) else { return false }
    text = text.dropFirst(literal.utf8.count)
    return true
  }

  mutating func value(depth: Int) -> ReferenceJSON? {
    skipSpace()
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    switch text.first {
    case UInt8(ascii: "\""): return string().map(ReferenceJSON.string)
    case UInt8(ascii: "["): return array(depth: depth + 1)
    case UInt8(ascii: "{"): return object(depth: depth + 1)
    default: return number().map(ReferenceJSON.number)
    }
  }

  mutating func array(depth: Int) -> ReferenceJSON? {
    guard depth <= 128, take("[") else { return nil }
    var elements: [ReferenceJSON] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      guard let element = value(depth: depth) else { return nil }
      elements.append(element)
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { return nil }
    }
  }

  mutating func object(depth: Int) -> ReferenceJSON? {
    guard depth <= 128, take("{") else { return nil }
    var members: [(key: String, value: ReferenceJSON)] = []
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard let key = string() else { return nil }
      skipSpace()
      guard take(":"), let value = value(depth: depth) else { return nil }
      members.append((key, value))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  mutating func number() -> String? {
    let characters = text.prefix { "+-.eE0123456789".utf8.contains($0) }
    text = text.dropFirst(characters.count)
    let number = String(decoding: characters, as: UTF8.self)
    guard Self.isNumber(number), let value = Double(number), value.isFinite else { return nil }
    return number
  }

  /// `-? (0 | 1-9 digits*) (. digits+)? ((e | E) (+ | -)? digits+)?`
  static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  mutating func string() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt8] = []
    while let byte = text.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        let string = String(decoding: units, as: UTF8.self)
        // Repaired text differs from its bytes.
        return string.utf8.elementsEqual(units) ? string : nil
      case UInt8(ascii: "\\"):
        guard let character = escape() else { return nil }
        units += Array(character.utf8)
      case 0..<0x20: return nil
      default: units.append(byte)
      }
    }
    return nil
  }

  mutating func escape() -> String? {
    let plain: [UInt8: String] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
      UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let letter = text.popFirst() else { return nil }
    guard letter == UInt8(ascii: "u") else { return plain[letter] }
    guard let first = unit() else { return nil }
    if let scalar = Unicode.Scalar(first) { return String(scalar) }
    guard first < 0xDC00, take("\\u"), let second = unit(), (0xDC00...0xDFFF).contains(second) else {
      return nil
    }
    let code = 0x10000 + (UInt32(first) - 0xD800) * 0x400 + (UInt32(second) - 0xDC00)
    return Unicode.Scalar(code).map { String($0) }
  }

  mutating func unit() -> UInt16? {
    let digits = text.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }) else {
      return nil
    }
    text = text.dropFirst(4)
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
