import PlystraCore
import PlystraModels
import TestSupport

/// Makes values at random, the odd ones more often than they occur in life.
struct RandomJSON {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func value(depth: Int = 4) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .integer(integer())
    case 3: .number(number())
    case 4, 5: .string(string())
    case 6, 7: .array((0..<Int.random(in: 0...6, using: &random)).map { _ in value(depth: depth - 1) })
    default: .object(object(depth: depth - 1))
    }
  }

  mutating func object(depth: Int) -> JSONObject {
    var object = JSONObject()
    let count =
      random.oneIn(8) ? Int.random(in: 15...40, using: &random) : Int.random(in: 0...5, using: &random)
    for _ in 0..<count { object[string()] = value(depth: count > 5 ? 0 : depth) }
    return object
  }

  mutating func integer() -> Int64 {
    let odd: [Int64] = [0, 1, -1, .min, .max, .min + 1, 1 << 53, (1 << 53) + 1, 9, 10, 99, 100]
    return random.oneIn(2)
      ? odd.randomElement(using: &random) ?? 0 : Int64.random(in: .min ... .max, using: &random)
  }

  mutating func number() -> Double {
    let odd = [
      -0.0, 0.1, 1.10, 1e16, 1e-7, 1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      .leastNormalMagnitude, 0.5, 1,
    ]
    if random.oneIn(2) { return odd.randomElement(using: &random) ?? 0 }
    let any = Double(bitPattern: random.next())
    return any.isFinite ? any : 1.5
  }

  mutating func string() -> String {
    let odd: [Unicode.Scalar] = [
      "\"", "\\", "/", "\u{0}", "\u{1}", "\u{8}", "\t", "\n", "\u{B}", "\u{C}", "\r", "\u{1F}", "\u{7F}",
      "\u{80}",
      "é", "\u{301}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "財",
      "\u{10000}", "😀", "\u{10FFFF}",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let ascii = Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &random))
      text.append(random.oneIn(4) ? odd.randomElement(using: &random) ?? ascii : ascii)
    }
    return String(text)
  }

  // MARK: Printing in one of the many ways that JSON allows

  /// A text of the value, with white space and escapes where they are not needed.
  mutating func text(of value: JSONValue) -> String {
    space() + bareText(of: value) + space()
  }

  private mutating func bareText(of value: JSONValue) -> String {
    switch value {
    case .array(let elements):
      return "[" + elements.map { text(of: $0) }.joined(separator: ",") + space() + "]"
    case .object(let object):
      let members = object.map { space() + quoted($0.key) + space() + ":" + text(of: $0.value) }
      return "{" + members.joined(separator: ",") + space() + "}"
    case .string(let text): return quoted(text)
    default: return value.description
    }
  }

  private mutating func space() -> String {
    random.oneIn(3) ? [" ", "\n", "\r\n", "\t", "  \t "].randomElement(using: &random) ?? "" : ""
  }

  private mutating func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if mustEscape || random.oneIn(6) {
        for unit in String(scalar).utf16 { quoted += escape(unit) }
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private mutating func escape(_ unit: UInt16) -> String {
    let short: [UInt16: String] = [
      0x08: "b", 0x09: "t", 0x0A: "n", 0x0C: "f", 0x0D: "r", 0x22: "\"", 0x2F: "/", 0x5C: "\\",
    ]
    if let letter = short[unit], random.oneIn(2) { return "\\" + letter }
    let digits = String(unit, radix: 16, uppercase: .random(using: &random))
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
