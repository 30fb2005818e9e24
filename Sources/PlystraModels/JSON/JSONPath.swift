/// Finds the path of an offset in a JSON text by walking the text again, so that reading pays nothing for it.
struct JSONPath {
  private enum Level {
    case object(key: String)
    case array(index: Int)
  }

  /// A longer key, in bytes, is not shown: it would make a message long, and no key of the contract has more than 30.
  private static let longestKey = 40
  private static let deepest = 32

  /// The path of the value at or before `offset`; the text up to there may be anything at all.
  static func path(of offset: Int, in bytes: some RandomAccessCollection<UInt8>) -> String {
    var levels: [Level] = []
    var expectsKey = false
    var index = bytes.startIndex
    let end = bytes.index(bytes.startIndex, offsetBy: Swift.min(Swift.max(offset, 0), bytes.count))
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "{"):
        levels.append(.object(key: ""))
        expectsKey = true
      case UInt8(ascii: "["):
        levels.append(.array(index: 0))
        expectsKey = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = levels.popLast()
        expectsKey = false
      case UInt8(ascii: ","):
        if case .array(let position)? = levels.last {
          levels[levels.count - 1] = .array(index: position + 1)
        } else {
          expectsKey = true
        }
      case UInt8(ascii: "\""):
        let start = bytes.index(after: index)
        let close = closingQuote(in: bytes, from: start)
        if expectsKey, case .object? = levels.last {
          levels[levels.count - 1] = .object(key: shown(bytes[start..<close]))
          expectsKey = false
        }
        index = close
      default:
        break
      }
      if index < bytes.endIndex { index = bytes.index(after: index) }
    }
    return text(of: levels)
  }

  /// A key as a message may show it: not if it is long, or a credential that damage has put in a key's place; and
  /// without characters that would break the line or steer a terminal.
  private static func shown(_ key: some RandomAccessCollection<UInt8>) -> String {
    let text = String(decoding: key.prefix(longestKey), as: UTF8.self)
    if key.count > longestKey || text.contains("ply_") { return "…" }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" }))
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  private static func closingQuote<Bytes: RandomAccessCollection<UInt8>>(
    in bytes: Bytes, from start: Bytes.Index
  ) -> Bytes.Index {
    var index = start
    while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        index = bytes.index(after: index)
        if index == bytes.endIndex { break }
      }
      index = bytes.index(after: index)
    }
    return index
  }

  private static func text(of levels: [Level]) -> String {
    var text = ""
    for level in levels.prefix(deepest) {
      switch level {
      case .object(let key) where key.isEmpty: break
      case .object(let key): text += text.isEmpty ? key : ".\(key)"
      case .array(let index): text += "[\(index)]"
      }
    }
    return text
  }
}
