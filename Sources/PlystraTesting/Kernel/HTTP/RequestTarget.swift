/// The path and query of a request, decoded.
struct RequestTarget: Sendable {
  /// The path between its slashes, each segment percent-decoded by itself; nil if an escape is malformed.
  let segments: [String]?
  /// The query's first value of each name; pairs with malformed escapes are dropped.
  private let query: [String: String]

  /// Reads an absolute URL or just its part from the path on.
  init(url: String) {
    var rest = Substring(url)
    if let scheme = rest.firstRange(of: "://"), !rest.hasPrefix("/") {
      rest = rest[scheme.upperBound...]
      rest = rest[(rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex)...]
    }
    if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    segments = Self.segments(of: parts.first ?? "")
    query = parts.count == 2 ? Self.pairs(of: parts[1]) : [:]
  }

  /// The query's value of a name; nil if it is absent or empty, which means the same.
  func parameter(_ name: String) -> String? { query[name]?.nonEmpty }

  private static func segments(of path: Substring) -> [String]? {
    guard path.hasPrefix("/") else { return [] }
    var segments: [String] = []
    for raw in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let segment = decoded(raw, plusIsSpace: false) else { return nil }
      segments.append(segment)
    }
    return segments
  }

  private static func pairs(of query: Substring) -> [String: String] {
    var pairs: [String: String] = [:]
    for pair in query.split(separator: "&") where !pair.contains(";") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(parts[0], plusIsSpace: true),
        let value = decoded(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
      else { continue }
      if pairs[name] == nil { pairs[name] = value }
    }
    return pairs
  }

  private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = source.next().flatMap(hexDigit), let low = source.next().flatMap(hexDigit) else {
          return nil
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
