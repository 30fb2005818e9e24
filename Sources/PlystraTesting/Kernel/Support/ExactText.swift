/// Text that equals another only if it is the same byte for byte.
///
/// `String` compares by canonical equivalence: an `é` of one scalar equals one of two. Names in an authorization
/// decision must not: what was granted to one spelling would be granted to the other.
struct ExactText: Sendable {
  let text: String

  init(_ text: String) { self.text = text }
}

extension ExactText: Hashable {
  static func == (lhs: ExactText, rhs: ExactText) -> Bool { lhs.text.isExactly(rhs.text) }

  /// Texts of the same bytes have the same canonical form, so the hash of that serves.
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
  /// Whether both are the same byte for byte.
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether the bytes of `prefix` are the first bytes of this text.
  func startsExactly(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

  /// Whether this text comes before another in the order of their bytes.
  func precedesExactly(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
