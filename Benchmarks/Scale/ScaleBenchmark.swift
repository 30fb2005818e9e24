import Foundation
import PlainLibcurl

/// What many calls take: 10,000 at a time against a server that answers after 100 ms, and many one after another.
///
/// Plain C makes the same calls, so that what a transport adds to libcurl's own memory can be told.
struct ScaleBenchmark {
  private static let calls = 10_000
  private static let connections = 1_024

  let options: TransportOptions

  func run() throws {
    try inFlight()
    try inSequence()
  }

  private func inFlight() throws {
    let server = try BenchmarkServer.start(delay: .milliseconds(100))
    let load = Load(inFlight: Self.calls, nanoseconds: 0, minimum: UInt64(Self.calls))
    var ownBytes: Double?
    // Over more than 64 connections, URLSession becomes very slow.
    for contender in options.contenders where contender != .urlSession {
      let process = try ContenderProcess(contender, server.endpoint, connections: Self.connections)
      // One call, so that what is made once is there.
      let before = try process.run(Load(inFlight: 1, nanoseconds: 0, minimum: 1))
      let tally = try process.run(load)
      let bytes = Double(tally.peak - min(tally.peak, before.resident)) / Double(Self.calls)
      if contender == .plainC { ownBytes = bytes }
      report(
        contender, "\(Self.calls) in flight over \(Self.connections) connections, answered after 100 ms",
        [
          ("seconds", Double(tally.elapsed) / 1e9), ("bytes_a_call", bytes),
          ("bytes_a_call_beyond_c", bytes - (ownBytes ?? bytes)),
        ])
    }
  }

  private func inSequence() throws {
    let server = try BenchmarkServer.start()
    let calls = UInt64(options.sequentialCalls)
    for contender in options.contenders where contender != .urlSession && contender != .plainC {
      let process = try ContenderProcess(contender, server.endpoint, connections: options.connections)
      // A tenth first, so that pools and caches have their size.
      let before = try process.run(Load(inFlight: 1, nanoseconds: 0, minimum: calls / 10 + 1))
      let tally = try process.run(Load(inFlight: 1, nanoseconds: 0, minimum: calls))
      let growth = Double(tally.resident) - Double(before.resident)
      report(
        contender, "\(calls) in sequence",
        [
          ("seconds", Double(tally.elapsed) / 1e9), ("cpu_us", tally.processorPerCall),
          ("grown_bytes", growth), ("grown_bytes_a_call", growth / Double(calls)),
        ])
    }
  }

  private func report(_ contender: Contender, _ title: String, _ figures: [(name: String, value: Double)]) {
    if options.asJSON {
      let fields = figures.map { "\"\($0.name)\":\(String(format: "%.3f", $0.value))" }
      StandardOutput.print(
        "{\"benchmark\":\"scale\",\"load\":\"\(title)\",\"contender\":\"\(contender.rawValue)\","
          + fields.joined(separator: ",") + "}")
      return
    }
    StandardOutput.print("\n\(contender.title): \(title)")
    for figure in figures {
      let name = figure.name.replacing("_", with: " ")
      StandardOutput.print(
        "  \(name.padding(toLength: 28, withPad: " ", startingAt: 0))\(String(format: "%12.2f", figure.value))"
      )
    }
  }
}
