/// Finds the path of an offset in a JSON text by walking the text again, so that reading pays nothing for it.
struct JSONPath {
  /// A longer key, in bytes, is not shown: it would make a message long, and no key of the contract has more than 30.
  private static let longestKey = 40

  /// The path of the value at or before `offset`; the text up to there may be anything at all.
  static func path(of offset: Int, in bytes: some RandomAccessCollection<UInt8>) -> String {
    var nesting = JSONNesting()
    var index = bytes.startIndex
    let end = bytes.index(bytes.startIndex, offsetBy: Swift.min(Swift.max(offset, 0), bytes.count))
    while index < end {
      if bytes[index] == UInt8(ascii: "\"") {
        let start = bytes.index(after: index)
        index = JSONNesting.closingQuote(in: bytes, from: start)
        if nesting.isAtKey { nesting.enter(key: shown(bytes[start..<index])) }
      } else {
        nesting.pass(bytes[index])
      }
      if index < bytes.endIndex { index = bytes.index(after: index) }
    }
    return nesting.path
  }

  /// A key as a message may show it: not if it is long, or a credential that damage has put in a key's place; and
  /// without characters that would break the line or steer a terminal.
  static func shown(_ key: some Collection<UInt8>) -> String {
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
}
