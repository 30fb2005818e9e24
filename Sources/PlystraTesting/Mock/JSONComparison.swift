import PlystraCore

/// Compares JSON by meaning: keys in any order, numbers by value, texts by their code points.
enum JSONComparison {
  /// Whether two numbers are the same, however they are written.
  static func isSameNumber(_ lhs: JSONValue, _ rhs: JSONValue) -> Bool {
    switch (lhs, rhs) {
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
      Int64(exactly: number) == whole
    default: false
    }
  }

  /// Whether a value holds at least what another one does.
  static func holds(_ value: JSONValue, _ part: JSONValue) -> Bool {
    switch (value, part) {
    case (.object(let members), .object(let parts)):
      parts.allSatisfy { wanted in members[wanted.key].map { holds($0, wanted.value) } ?? false }
    case (.array(let elements), .array(let parts)):
      elements.count == parts.count && zip(elements, parts).allSatisfy { holds($0, $1) }
    case (.string(let left), .string(let right)): left.isExactly(right)
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    default: isSameNumber(value, part)
    }
  }
}
