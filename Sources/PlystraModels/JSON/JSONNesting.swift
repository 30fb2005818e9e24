/// Where a walk through a JSON text stands: in which members of which objects, at which elements of which arrays.
package struct JSONNesting {
  private enum Level {
    case object(key: String)
    case array(index: Int)
  }

  /// What of a path is shown: as deep as it is read.
  private static let deepest = 32

  private var levels: [Level] = []
  private var expectsKey = false

  package init() {}

  /// Whether a text at this place is the key of a member.
  package var isAtKey: Bool {
    guard expectsKey, case .object? = levels.last else { return false }
    return true
  }

  /// Goes past a byte outside of any text; those that change no nesting are ignored.
  package mutating func pass(_ byte: UInt8) {
    switch byte {
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
      if case .array(let index)? = levels.last {
        levels[levels.count - 1] = .array(index: index + 1)
      } else {
        expectsKey = true
      }
    default: break
    }
  }

  /// Enters the member of this key, if a key may stand here.
  package mutating func enter(key: String) {
    guard isAtKey else { return }
    levels[levels.count - 1] = .object(key: key)
    expectsKey = false
  }

  /// The path of the place, as in `data.items[3].id`.
  package var path: String {
    levels.prefix(Self.deepest).reduce(into: "") { text, level in
      switch level {
      case .object(let key) where key.isEmpty: break
      case .object(let key): text += text.isEmpty ? key : ".\(key)"
      case .array(let index): text += "[\(index)]"
      }
    }
  }

  /// Where the text ends that begins at `start`, behind its quote: at the closing one, or at the end of the bytes.
  package static func closingQuote<Bytes: RandomAccessCollection<UInt8>>(
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
}
