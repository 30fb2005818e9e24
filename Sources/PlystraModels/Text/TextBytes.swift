// Texts compared and searched byte by byte. `==` takes texts for equal that Unicode only calls equivalent. The standard
// library's searches for a text come with its regular expressions, about 1.4 MB where the runtime is linked statically.

extension String {
  /// Whether another text has the same bytes, which each buffer holds for the length of the comparison.
  package func hasSameBytes(as other: String) -> Bool {
    var (left, right) = (self, other)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        left.count == right.count && left.indices.allSatisfy { left[$0] == right[$0] }
      }
    }
  }
}

extension StringProtocol {
  /// What comes before and after the first occurrence of another text; nil if there is none.
  package func cut(at mark: String) -> (before: SubSequence, after: SubSequence)? {
    guard let start = utf8.indices.first(where: { utf8[$0...].starts(with: mark.utf8) }) else { return nil }
    return (self[..<start], self[utf8.index(start, offsetBy: mark.utf8.count)...])
  }

  /// Whether another text occurs in this one.
  package func includes(_ part: String) -> Bool { cut(at: part) != nil }
}
