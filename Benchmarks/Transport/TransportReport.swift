import Foundation
import PlainLibcurl

/// Prints what was measured of transports: tables for people or, with `--json`, a line of JSON a row for programs.
struct TransportReport {
  let options: TransportOptions

  /// Where and when, for titles.
  private var origin: String {
    let day = Date.now.formatted(.iso8601.year().month().day())
    return "libcurl \(String(cString: plain_libcurl_version())), \(day)"
  }

  /// Prints the rows of one load.
  func print(_ figures: [TransportFigures]) {
    guard let first = figures.first else { return }
    if options.asJSON {
      for figure in figures { StandardOutput.print(json(figure)) }
      return
    }
    StandardOutput.print("\n\(first.inFlight) in flight, \(options.title), \(origin)")
    printRow("", ["req/s", "min", "max", "ratio", "p50 µs", "p99 µs", "CPU µs", "ratio", "memory MiB"])
    for figure in figures {
      printRow(
        figure.contender.title,
        [
          text(figure.rate.median, 0), text(figure.rate.minimum, 0), text(figure.rate.maximum, 0),
          text(figure.ratio, 3), text(figure.median, 0), text(figure.slowest, 0), text(figure.processor, 1),
          text(figure.processorRatio, 2), text(figure.memory, 1),
        ])
    }
  }

  /// Prints one figure of each contender.
  func print(_ title: String, _ unit: String, _ figures: [(contender: Contender, value: Double)], digits: Int)
  {
    if !options.asJSON {
      StandardOutput.print("\n\(title), \(options.title), \(origin)")
      printRow("", [unit])
    }
    for (contender, value) in figures {
      if options.asJSON {
        StandardOutput.print(
          json(
            [("benchmark", quoted(title)), ("unit", quoted(unit)), ("value", text(value, digits))], contender)
        )
      } else {
        printRow(contender.title, [text(value, digits)])
      }
    }
  }

  /// Writes the files that the options ask for.
  func write(_ figures: [TransportFigures]) throws {
    if let file = options.jsonFile {
      try Data(figures.map { json($0) + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: file))
    }
    guard let file = options.plotFile, let reference = options.contenders.first else { return }
    let plot = RatioPlot(
      title: options.title, subtitle: "calls a second ÷ \(reference.title); \(origin)",
      lines: options.contenders.map { contender in
        RatioPlot.Line(
          name: contender.title,
          points: figures.filter { $0.contender == contender }.map { (Double($0.inFlight), $0.ratio) })
      })
    try Data(plot.svg.utf8).write(to: URL(fileURLWithPath: file))
  }

  private func json(_ figure: TransportFigures) -> String {
    json(
      [
        ("benchmark", quoted("transport")), ("in_flight", String(figure.inFlight)),
        ("requests_per_second", text(figure.rate.median, 1)), ("min", text(figure.rate.minimum, 1)),
        ("max", text(figure.rate.maximum, 1)), ("ratio", text(figure.ratio, 4)),
        ("p50_us", text(figure.median, 1)),
        ("p99_us", text(figure.slowest, 1)), ("cpu_us", text(figure.processor, 2)),
        ("cpu_ratio", text(figure.processorRatio, 3)), ("peak_mib", text(figure.memory, 2)),
      ], figure.contender)
  }

  /// A line with these fields, and with those that tell what was measured.
  private func json(_ fields: [(name: String, value: String)], _ contender: Contender) -> String {
    let setting = [
      ("contender", quoted(contender.rawValue)), ("scheme", quoted(options.scheme.rawValue)),
      ("http", String(options.http)), ("cores", options.cores.map(String.init) ?? "null"),
      ("connections", String(options.connections)),
      ("libcurl", quoted(String(cString: plain_libcurl_version()))),
    ]
    return "{" + (fields + setting).map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private func printRow(_ title: String, _ columns: [String]) {
    let label = "  " + title.padding(toLength: max(34, title.count), withPad: " ", startingAt: 0)
    StandardOutput.print(
      columns.reduce(label) { line, column in
        line + String(repeating: " ", count: max(1, 12 - column.count)) + column
      })
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }

  private func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
