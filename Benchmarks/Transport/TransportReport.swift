import Foundation

/// Prints what was measured of transports: a table for people or, with `--json`, one line a row for programs.
struct TransportReport {
  let options: TransportOptions
  let server: String

  /// The least, the middle and the most of some figures.
  private struct Spread {
    let minimum: Double
    let median: Double
    let maximum: Double

    init(_ values: [Double]) {
      let sorted = values.sorted()
      minimum = sorted.first ?? 0
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      maximum = sorted.last ?? 0
    }
  }

  /// What a table shows of one row.
  private struct Figures {
    let title: String
    let row: TransportBenchmark.Row
    let rate: Spread
    let median: Double
    let slowest: Double
    let processor: Double
    let mebibytes: Double

    init(_ row: TransportBenchmark.Row) {
      self.row = row
      title = row.contender.title + (row.connections == 32 ? "" : ", \(row.connections) connections")
      rate = Spread(row.tallies.map(\.rate))
      median = Spread(row.tallies.map { Double($0.median) / 1_000 }).median
      slowest = Spread(row.tallies.map { Double($0.slowest) / 1_000 }).median
      processor = Spread(row.tallies.map(\.processorPerCall)).median
      mebibytes = Double(row.tallies.last?.peak ?? 0) / Double(1 << 20)
    }
  }

  /// Prints the rows of one load; the first is what the others are compared with, round by round.
  func print(_ rows: [TransportBenchmark.Row]) {
    let figures = rows.map(Figures.init)
    guard let reference = figures.first, let first = rows.first else { return }
    if !options.asJSON { printHead(first) }
    for figure in figures {
      // Rounds are neighbours in time, so that a slow moment of the machine meets both sides of a ratio.
      let ratio = Spread(zip(figure.row.tallies, first.tallies).map { $0.rate / $1.rate }).median
      let processorRatio = Spread(
        zip(figure.row.tallies, first.tallies).map { $0.processorPerCall / $1.processorPerCall }
      ).median
      if options.asJSON {
        printJSON(figure, ratio, processorRatio)
      } else {
        printRow(figure, ratio, processorRatio)
      }
    }
    guard !options.asJSON, reference.row.inFlight == 256 else { return }
    printCrowding(figures)
  }

  private func printHead(_ row: TransportBenchmark.Row) {
    let core = options.core.map { ", all on core \($0)" } ?? ""
    StandardOutput.print("\n\(row.inFlight) in flight, against \(server)\(core)")
    printColumns(
      "", ["req/s", "min", "max", "ratio", "p50 µs", "p99 µs", "CPU µs", "ratio", "memory MiB"])
  }

  private func printRow(_ figure: Figures, _ ratio: Double, _ processorRatio: Double) {
    printColumns(
      figure.title,
      [
        text(figure.rate.median, 0), text(figure.rate.minimum, 0), text(figure.rate.maximum, 0),
        text(ratio, 3), text(figure.median, 0), text(figure.slowest, 0), text(figure.processor, 1),
        text(processorRatio, 2), text(figure.mebibytes, 1),
      ])
  }

  /// Whether the queue in front of few connections serves the slowest calls better than many connections do.
  private func printCrowding(_ figures: [Figures]) {
    let transports = figures.filter { $0.row.contender == .curl }
    guard let few = transports.first(where: { $0.row.connections < $0.row.inFlight }),
      let many = transports.first(where: { $0.row.connections == $0.row.inFlight })
    else { return }
    StandardOutput.print(
      "  p99 over \(few.row.connections) connections ÷ over \(many.row.connections): "
        + text(few.slowest / many.slowest, 2))
  }

  private func printJSON(_ figure: Figures, _ ratio: Double, _ processorRatio: Double) {
    let fields = [
      "\"benchmark\":\"transport\"", "\"contender\":\"\(figure.row.contender.rawValue)\"",
      "\"connections\":\(figure.row.connections)", "\"in_flight\":\(figure.row.inFlight)",
      "\"server\":\"\(server)\"", "\"core\":\(options.core.map(String.init) ?? "null")",
      "\"requests_per_second\":\(text(figure.rate.median, 1))",
      "\"min\":\(text(figure.rate.minimum, 1))", "\"max\":\(text(figure.rate.maximum, 1))",
      "\"ratio\":\(text(ratio, 4))", "\"p50_us\":\(text(figure.median, 1))",
      "\"p99_us\":\(text(figure.slowest, 1))", "\"cpu_us\":\(text(figure.processor, 2))",
      "\"cpu_ratio\":\(text(processorRatio, 3))", "\"peak_mib\":\(text(figure.mebibytes, 2))",
    ]
    StandardOutput.print("{\(fields.joined(separator: ","))}")
  }

  private func printColumns(_ title: String, _ columns: [String]) {
    let label = "  " + title.padding(toLength: max(34, title.count), withPad: " ", startingAt: 0)
    StandardOutput.print(
      columns.reduce(label) { line, column in
        line + String(repeating: " ", count: max(1, 10 - column.count)) + column
      })
  }

  private func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
