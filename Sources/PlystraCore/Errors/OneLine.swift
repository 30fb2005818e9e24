/// Makes text of unknown origin fit for one line of a log.
enum OneLine {
  /// The longest text that is shown whole, in bytes.
  private static let longest = 1_024

  /// The text with everything escaped that would break the line or change how it reads, and cut if it is long.
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if result.utf8.count >= longest { return result + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result += scalar.escaped(asASCII: true)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
