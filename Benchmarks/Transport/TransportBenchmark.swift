import Foundation
import PlainLibcurl
import PlystraCore
import PlystraCurlTransport

/// What a transport costs beyond libcurl: every contender makes the same call to the same server, in turns.
struct TransportBenchmark {
  let options: TransportOptions

  func run() async throws {
    let server = try startServer()
    let report = TransportReport(options: options)
    if let burst = options.burst {
      try await countConnections(of: burst, to: server.endpoint, report)
    } else if let idle = options.idle {
      try rest(for: idle, server.endpoint, report)
    } else {
      try measureSpeed(server.endpoint, report)
    }
  }

  /// Starts the server, and binds it and the processes to come to their cores.
  ///
  /// On two cores each has one: where threads wander, the server loses its core to a client of two threads, and the same
  /// run comes out differently each time.
  private func startServer() throws -> BenchmarkServer {
    try bind(to: options.cores.map { $0 == 1 ? 1 : 0 })
    let server = try BenchmarkServer.start(options.scheme, http: options.http)
    try bind(to: options.cores.map { _ in 1 })
    return server
  }

  private func bind(to core: Int32?) throws {
    if let core, !plain_pin_to_core(core) {
      throw BenchmarkFailure("--cores: this system cannot bind a process to core \(core)")
    }
  }

  private func processes(_ endpoint: Endpoint) throws -> [ContenderProcess] {
    try options.contenders.map { try ContenderProcess($0, endpoint, connections: options.connections) }
  }

  private func measureSpeed(_ endpoint: Endpoint, _ report: TransportReport) throws {
    let processes = try processes(endpoint)
    let turn = UInt64(options.turn / .nanoseconds(1))
    var figures: [TransportFigures] = []
    for inFlight in options.inFlight {
      // Opens the connections, unmeasured: on new ones of HTTP/2 calls may fail, as `countConnections` says.
      for process in processes { _ = try? process.run(Load(inFlight: inFlight, nanoseconds: turn / 4)) }
      var tallies = processes.map { _ in [Tally]() }
      for _ in 0..<options.rounds {
        for (index, process) in processes.enumerated() {
          tallies[index].append(try process.run(Load(inFlight: inFlight, nanoseconds: turn)))
        }
      }
      let rows = zip(processes, tallies).map {
        TransportFigures($0.contender, inFlight: inFlight, $1, comparedWith: tallies[0])
      }
      report.print(rows)
      figures += rows
    }
    try report.write(figures)
  }

  /// Counts the connections that contenders open for calls that begin at once: the most of three processes of each.
  private func countConnections(of calls: Int, to endpoint: Endpoint, _ report: TransportReport) async throws
  {
    let observer = try CurlTransport(
      configuration: TransportConfiguration(
        certificateAuthorities: endpoint.authority.map { .file($0) }, httpVersion: .http1))
    defer { observer.shutdown() }
    func accepted() async throws -> Int {
      let response = try await observer.send(
        TransportRequest(
          method: "GET", url: endpoint.url + "/connections", timeout: .seconds(60), mayBeResent: true))
      // "Active connections: 2 \nserver accepts handled requests\n 2 2 5 \n…"
      let numbers = String(decoding: response.body, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        .compactMap { Int($0) }
      guard numbers.count > 1 else { throw BenchmarkFailure("nginx does not tell its connections") }
      return numbers[1]
    }
    // The bodies of a hundred calls are more than a new HTTP/2 connection may send at once, and where the server responds
    // before it has a body, libcurl 7.88 fails the call (error 92) instead of reading the response.
    let reading = Endpoint(url: endpoint.url + "/reading", authority: endpoint.authority, http: endpoint.http)
    var opened = options.contenders.map { _ in 0 }
    for _ in 0..<3 {
      for (index, contender) in options.contenders.enumerated() {
        let process = try ContenderProcess(contender, reading, connections: options.connections)
        let before = try await accepted()
        _ = try process.run(Load(inFlight: calls, nanoseconds: 0, minimum: UInt64(calls)))
        opened[index] = max(opened[index], try await accepted() - before)
      }
    }
    report.print(
      "connections opened for \(calls) calls at once", "connections",
      zip(options.contenders, opened).map { ($0, Double($1)) }, digits: 0)
  }

  /// Measures what contenders use of a core after 1,000 calls, all at the same time; the server closes their connections
  /// meanwhile.
  private func rest(for seconds: Int, _ endpoint: Endpoint, _ report: TransportReport) throws {
    let processes = try processes(endpoint)
    for process in processes { _ = try process.run(Load(inFlight: 64, nanoseconds: 0, minimum: 1_000)) }
    for process in processes {
      try process.start(Load(inFlight: 0, nanoseconds: UInt64(seconds) * 1_000_000_000))
    }
    let shares = try processes.map { process in
      let tally = try process.finish()
      return (process.contender, 100 * Double(tally.processor) / Double(tally.elapsed))
    }
    report.print("at rest for \(seconds) s after 1,000 calls", "% of a core", shares, digits: 4)
  }
}
