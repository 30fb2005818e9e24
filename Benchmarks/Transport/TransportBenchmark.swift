import Foundation
import PlainLibcurl

/// What a transport costs beyond libcurl: every contender makes the same call to the same server, in turns.
struct TransportBenchmark {
  /// Connections to the server, as a transport has them if not said otherwise.
  private static let connections = 32
  /// For comparison: as many connections as calls.
  private static let manyConnections = 256

  let options: TransportOptions

  /// One row of the result: a contender with a number of connections under one load.
  struct Row {
    let contender: Contender
    let connections: Int
    let inFlight: Int
    var tallies: [Tally] = []
  }

  func run() throws {
    if let core = options.core, !plain_pin_to_core(Int32(core)) {
      throw BenchmarkFailure("this process cannot be bound to core \(core)")
    }
    let server = try BenchmarkServer.start()
    var processes = try options.contenders.map {
      try ContenderProcess($0, url: server.url, connections: Self.connections)
    }
    if options.inFlight.contains(Self.manyConnections) {
      processes += try options.contenders.filter { $0 == .plainC || $0 == .curl }.map {
        try ContenderProcess($0, url: server.url, connections: Self.manyConnections)
      }
    }
    let report = TransportReport(options: options, server: server.name)
    for inFlight in options.inFlight {
      report.print(try rows(processes, inFlight: inFlight))
    }
  }

  private func rows(_ processes: [ContenderProcess], inFlight: Int) throws -> [Row] {
    // More connections than calls are as many as calls.
    let contestants = processes.filter { $0.connections == Self.connections || inFlight == $0.connections }
    var rows = contestants.map {
      Row(contender: $0.contender, connections: $0.connections, inFlight: inFlight)
    }
    let turn = UInt64(options.turn / .nanoseconds(1))
    for process in contestants {  // opens the connections
      _ = try process.run(Load(inFlight: inFlight, nanoseconds: turn / 4))
    }
    for _ in 0..<options.rounds {
      for (index, process) in contestants.enumerated() {
        rows[index].tallies.append(try process.run(Load(inFlight: inFlight, nanoseconds: turn)))
      }
    }
    return rows
  }
}
