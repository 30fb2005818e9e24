/// A text that would add a line to a log, or steer a terminal, if it were printed as it is.
package let hostileText =
  "a\r\n2026-05-06 INFO forged\u{B}\u{C}\u{85}\u{2028}\u{2029}\u{0}\u{1B}[31m\u{9B}2J\u{202E}\u{2066}\u{7F}"

/// Whether a text has no line end, control character or direction mark.
package func isOneLine(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: false
    default: true
    }
  }
}
