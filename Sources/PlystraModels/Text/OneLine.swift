/// Makes text of unknown origin fit for one line of a log: nothing in it starts a line or steers a terminal.
///
/// Every description in the SDK goes through it.
package enum OneLine {
  /// The text with every such character escaped as Swift escapes it.
  ///
  /// - Parameter longest: the length in bytes after which the text is cut.
  package static func text(_ text: String, atMost longest: Int = 1_024) -> String {
    if text.utf8.count <= longest, isPlainASCII(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if result.utf8.count >= longest { return result + "…" }
      if isHarmless(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += scalar.escaped(asASCII: true)
      }
    }
    return result
  }

  /// A JSON text with every such character escaped as JSON escapes it: the same value, of whatever length.
  package static func json(_ text: String) -> String {
    if isPlainASCII(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHarmless(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result
  }

  private static func isPlainASCII(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
