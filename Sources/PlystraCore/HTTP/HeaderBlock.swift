/// The header lines of a response as they came, parsed when somebody reads them: those of most responses never are.
package struct HeaderBlock: Sendable {
  private enum Content: Sendable {
    case lines([UInt8])
    case fields([TransportHeaders.Field])
  }

  private let content: Locked<Content>

  /// - Parameter lines: header lines, each with its line end.
  package init(lines: [UInt8]) { content = Locked(.lines(lines)) }

  /// The fields; lines that are none are left out.
  var fields: [TransportHeaders.Field] {
    content.withLock { content in
      switch content {
      case .fields(let fields): return fields
      case .lines(let lines):
        let fields = Self.read(lines)
        content = .fields(fields)
        return fields
      }
    }
  }

  private static func read(_ lines: [UInt8]) -> [TransportHeaders.Field] {
    var fields: [TransportHeaders.Field] = []
    fields.reserveCapacity(16)
    // Whether the last line was a field, which the next may continue.
    var isOpen = false
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      if let first = line.first, Self.isSpace(first) {
        // An obsolete continuation line (RFC 9112 §5.2).
        if isOpen { fields[fields.count - 1].value += " " + Self.text(line) }
      } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex {
        let value = Self.text(line[(colon + 1)...])
        fields.append(TransportHeaders.Field(name: Self.text(line[..<colon]), value: value))
        isOpen = true
      } else {
        isOpen = false
      }
    }
    return fields
  }

  /// Text without the white space around it; bytes that are not UTF-8 are replaced.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
