import PlystraCore

// The few transformations of text that the contract names.

extension String {
  /// The text without white space at either end.
  func trimmed() -> String {
    let scalars = unicodeScalars
    if let first = scalars.first, let last = scalars.last, !first.isWhiteSpace, !last.isWhiteSpace {
      return self
    }
    guard let start = scalars.firstIndex(where: { !$0.isWhiteSpace }),
      let end = scalars.lastIndex(where: { !$0.isWhiteSpace })
    else { return "" }
    return String(scalars[start...end])
  }

  /// The trimmed text, or nil if nothing is left.
  var nonBlank: String? {
    let text = trimmed()
    return text.isEmpty ? nil : text
  }

  /// The text, or nil if it is empty.
  var nonEmpty: String? { isEmpty ? nil : self }

  /// The text in lower case, scalar for scalar: no scalar becomes two.
  func simplyLowercased() -> String {
    var lowered = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      lowered.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
    }
    return String(lowered)
  }

  /// The part of a generated id that stands for this text: lower case, every character outside a–z0–9 as `_`, none
  /// of those at the ends, and `value` if nothing is left (contract §4, step 3).
  var idToken: String {
    let mapped = trimmed().unicodeScalars.map { scalar -> UInt8 in
      let lowered = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
      return lowered.isLowercaseASCIIAlphanumeric
        ? UInt8(truncatingIfNeeded: lowered.value) : UInt8(ascii: "_")
    }
    guard let start = mapped.firstIndex(where: { $0 != UInt8(ascii: "_") }),
      let end = mapped.lastIndex(where: { $0 != UInt8(ascii: "_") })
    else { return "value" }
    return String(decoding: mapped[start...end], as: UTF8.self)
  }

  /// A key such as `expense_report` as a heading, `Expense Report`.
  var asHeading: String {
    split(whereSeparator: { $0 == "_" || $0 == "-" || $0 == "." })
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined(separator: " ")
  }
}

extension Unicode.Scalar {
  fileprivate var isLowercaseASCIIAlphanumeric: Bool {
    (0x61...0x7A).contains(value) || (0x30...0x39).contains(value)
  }
}
