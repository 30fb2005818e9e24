import Foundation

/// Prints what was measured: a table for people or, with `--json`, one line per figure for programs.
struct Report {
  let asJSON: Bool

  func print(_ title: String, _ figures: [Contest.Figures]) {
    guard let reference = figures.first else { return }
    if asJSON {
      for figure in figures { printJSON(title, figure, ratio: figure.median / reference.median) }
      return
    }
    Swift.print("\n\(title)")
    Swift.print(row("", "median µs", "min µs", "max µs", "ratio"))
    for figure in figures {
      Swift.print(
        row(
          figure.name, number(figure.median / 1_000), number(figure.minimum / 1_000),
          number(figure.maximum / 1_000),
          number(figure.median / reference.median)))
    }
  }

  private func printJSON(_ title: String, _ figure: Contest.Figures, ratio: Double) {
    let fields = [
      "\"benchmark\":\"\(title)\"", "\"contender\":\"\(figure.name)\"",
      "\"median_ns\":\(number(figure.median))", "\"min_ns\":\(number(figure.minimum))",
      "\"max_ns\":\(number(figure.maximum))", "\"ratio\":\(number(ratio))",
    ]
    Swift.print("{\(fields.joined(separator: ","))}")
  }

  private func row(_ name: String, _ columns: String...) -> String {
    let label = "  " + name.padding(toLength: max(34, name.count), withPad: " ", startingAt: 0)
    return columns.reduce(label) { line, column in
      line + String(repeating: " ", count: max(1, 12 - column.count)) + column
    }
  }

  private func number(_ value: Double) -> String { String(format: "%.3f", value) }
}
