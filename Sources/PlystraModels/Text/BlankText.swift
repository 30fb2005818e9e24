// Text that is there and says nothing, such as an empty column of a database.

extension Unicode.Scalar {
  /// Whether the service counts the character as white space.
  package var isWhiteSpace: Bool {
    value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
  }
}

extension String {
  /// Whether the text is empty or only white space.
  package var isWhiteSpaceOnly: Bool {
    // The first byte of most texts shows that there is more.
    if let first = utf8.first, (0x21...0x7E).contains(first) { return false }
    return unicodeScalars.allSatisfy(\.isWhiteSpace)
  }
}

extension String? {
  /// The text unless it is empty, which means absent on the wire.
  package var unlessEmpty: String? { self?.isEmpty == false ? self : nil }

  /// Whether there is more than white space.
  package var hasText: Bool { self?.isWhiteSpaceOnly == false }
}
