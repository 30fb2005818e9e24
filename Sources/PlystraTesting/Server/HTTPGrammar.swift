import PlystraCore

/// The character sets and the field syntax of HTTP/1.1 (RFC 9110 §5, RFC 9112 §5).
enum HTTPGrammar {
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")

  /// Whether a byte may stand in a field value: visible characters, space, tab, and bytes beyond ASCII.
  static func isFieldValue(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

  /// Whether bytes are a text without regard to case; `text` is lower-case ASCII.
  static func matches(_ bytes: some Collection<UInt8>, _ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount
      && text.withUTF8Buffer { zip(bytes, $0).allSatisfy { lowercased($0) == $1 } }
  }

  /// The members of a comma-separated list, without white space around them and without empty ones.
  static func listMembers(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    value.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
  }

  /// Splits a field line into name and value.
  ///
  /// Refuses what parsers have been known to disagree about: continuation lines, white space before the
  /// colon, control characters.
  static func field(
    _ line: ArraySlice<UInt8>
  ) throws(RequestRejection) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    if line.first == space || line.first == tab {
      throw .malformed("a header field is continued on a second line")
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
      throw .malformed("a header field has no colon")
    }
    let name = line[..<colon]
    guard !name.isEmpty, name.allSatisfy(HeaderSyntax.isTokenByte) else {
      throw .malformed("a header field name is empty or has a character that may not stand in it")
    }
    let value = trimmed(line[(colon + 1)...])
    guard value.allSatisfy(isFieldValue) else {
      throw .malformed("a header field value has a control character")
    }
    return (name, value)
  }

  /// Text of a field value: UTF-8 if it is that, else each byte a character (ISO 8859-1), as HTTP once had.
  static func text(_ value: ArraySlice<UInt8>) -> String {
    let text = String(decoding: value, as: UTF8.self)
    if text.utf8.count == value.count, text.utf8.elementsEqual(value) { return text }
    var latin = String.UnicodeScalarView()
    latin.append(contentsOf: value.map { Unicode.Scalar($0) })
    return String(latin)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while let first = rest.first, first == space || first == tab { rest.removeFirst() }
    while let last = rest.last, last == space || last == tab { rest.removeLast() }
    return rest
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
