import Foundation

/// Prints what was measured: a table for people or, with `--json`, one line per figure for programs.
struct Report {
  let asJSON: Bool

  func print(_ contest: Contest, _ figures: [Contest.Figures]) {
    guard let reference = figures.first else { return }
    if asJSON {
      for figure in figures { printJSON(contest, figure, ratio: figure.median / reference.median) }
      return
    }
    Swift.print("\n\(contest.title)")
    Swift.print(row("", "median µs", "min µs", "max µs", "ratio", "MB/s", "allocations"))
    for figure in figures {
      Swift.print(
        row(
          figure.name, number(figure.median / 1_000), number(figure.minimum / 1_000),
          number(figure.maximum / 1_000), number(figure.median / reference.median),
          speed(of: figure, in: contest).map { String(format: "%.0f", $0) } ?? "–",
          figure.allocations.map(String.init) ?? "–"))
    }
  }

  private func printJSON(_ contest: Contest, _ figure: Contest.Figures, ratio: Double) {
    var fields = [
      "\"benchmark\":\"\(contest.title)\"", "\"contender\":\"\(figure.name)\"",
      "\"median_ns\":\(number(figure.median))", "\"min_ns\":\(number(figure.minimum))",
      "\"max_ns\":\(number(figure.maximum))", "\"ratio\":\(number(ratio))",
    ]
    if let speed = speed(of: figure, in: contest) { fields.append("\"mb_per_s\":\(number(speed))") }
    if let allocations = figure.allocations { fields.append("\"allocations\":\(allocations)") }
    Swift.print("{\(fields.joined(separator: ","))}")
  }

  /// Millions of bytes a second.
  private func speed(of figure: Contest.Figures, in contest: Contest) -> Double? {
    contest.bytes.map { Double($0) * 1_000 / figure.median }
  }

  private func row(_ name: String, _ columns: String...) -> String {
    let label = "  " + name.padding(toLength: max(34, name.count), withPad: " ", startingAt: 0)
    return columns.reduce(label) { line, column in
      line + String(repeating: " ", count: max(1, 12 - column.count)) + column
    }
  }

  private func number(_ value: Double) -> String { String(format: "%.3f", value) }
}
