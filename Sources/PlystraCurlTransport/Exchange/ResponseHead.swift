import PlystraCore

/// Status and header lines of an answer, as the loop thread hands them over: the task that waits takes them apart,
/// so that the loop need not.
struct ResponseHead: Sendable {
  let status: Int
  /// The header fields as they came, each with its line end.
  let lines: [UInt8]

  /// The header fields; lines that are none are left out.
  var fields: HTTPHeaders {
    var headers = HTTPHeaders()
    headers.reserveCapacity(16)
    var unfinished: (name: String, value: String)?
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      if let first = line.first, Self.isSpace(first) {
        // An obsolete continuation line (RFC 9112 §5.2).
        unfinished?.value += " " + Self.text(line)
        continue
      }
      if let field = unfinished { headers.add(field.name, field.value) }
      unfinished = Self.field(of: line)
    }
    if let field = unfinished { headers.add(field.name, field.value) }
    return headers
  }

  private static func field(of line: ArraySlice<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return nil }
    return (text(line[..<colon]), text(line[(colon + 1)...]))
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
