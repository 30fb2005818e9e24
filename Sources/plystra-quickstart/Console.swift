/// Prints steps and what they gave, in two columns.
struct Console: Sendable {
  func step(_ title: String) { print("\n\(title)") }

  func line(_ label: String, _ value: String) {
    let padding = String(repeating: " ", count: max(1, 12 - label.count))
    print("  \(label)\(padding)\(value)")
  }
}
