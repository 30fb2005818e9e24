import Foundation

/// Measures the SDK; `plystra-benchmarks --help` says how.
@main
struct PlystraBenchmarks {
  private static let usage = """
    usage: plystra-benchmarks [decode] [encode] [kernel] [matrix] [soak] [transport] [scale] [documents]
                              [OPTION]...

      decode     read an envelope: the SDK's codec against JSONDecoder and JSONSerialization
      encode     write a request or an answer's data: the SDK's codec against JSONEncoder
      kernel     a whole authz.check through the client and the in-memory kernel
      matrix     a permission matrix of 10,000 cases through the client and the in-memory kernel, once
      soak       1,000 calls against a service that is down, then 100,000 against one that is up; fails when a
                 bound is broken, and always prints a table
      transport  CurlTransport against plain C and URLSessionTransport, over loopback
      scale      10,000 calls at a time against a slow server, and 1,000,000 one after another
      documents  print the documents of decode and encode as JSON, for other programs to be measured with
      --rounds   how many rounds are measured, 9 if not said otherwise
      --json     print one line of JSON per figure instead of a table

    of transport and scale:
      --core N             run everything, the server included, on one core (Linux)
      --turn MILLISECONDS  how long a contender runs in a round, 300 if not said otherwise
      --in-flight N,N      calls at a time, 1,16,64,256 if not said otherwise
      --contenders A,B     \(Contender.allCases.map(\.rawValue).joined(separator: ", "));
                           the first is what the others are compared with
      --sequence N         calls one after another, 1000000 if not said otherwise

    Without a name, the first four are measured. Build with -c release, or the figures mean nothing.
    """

  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if try await serveParent(arguments) { return }
      let options = try Options(arguments)
      if options.showsHelp {
        print(usage)
        return
      }
      let report = Report(asJSON: options.asJSON)
      for name in options.names {
        switch name {
        case "documents": print(try BenchmarkDocument.all())
        case "soak": try await Soak.run()
        case "matrix": try await MatrixBenchmark(asJSON: options.asJSON).run()
        case "transport": try TransportBenchmark(options: options.transport).run()
        case "scale": try ScaleBenchmark(options: options.transport).run()
        default:
          for contest in try contests(of: name) {
            report.print(contest, try await contest.run(rounds: options.rounds))
          }
        }
      }
    } catch let error as UsageError {
      FileHandle.standardError.write(Data("plystra-benchmarks: \(error.message)\n\(usage)\n".utf8))
      exit(2)
    } catch {
      FileHandle.standardError.write(Data("plystra-benchmarks: \(error)\n".utf8))
      exit(1)
    }
  }

  /// Does the work of a process that another of this program started.
  ///
  /// - Returns: whether this is one.
  private static func serveParent(_ arguments: [String]) async throws -> Bool {
    if arguments.count == 4, arguments[0] == "contender", let contender = Contender(rawValue: arguments[1]),
      let connections = Int(arguments[3])
    {
      try await contender.serve(url: arguments[2], connections: connections)
      return true
    }
    if arguments == ["serve", "nginx"] {
      try await BenchmarkServer.serveNginx()
      return true
    }
    if arguments.count == 2, arguments[0] == "serve", let delay = Int(arguments[1]) {
      try await BenchmarkServer.serve(delay: .milliseconds(delay))
      return true
    }
    return false
  }

  private static func contests(of name: String) throws -> [Contest] {
    switch name {
    case "decode": try EnvelopeBenchmarks.decode()
    case "encode": try EnvelopeBenchmarks.encode()
    default: try KernelBenchmarks.check()
    }
  }

  private struct UsageError: Error { let message: String }

  private struct Options {
    /// Measured if nothing is named.
    static let quickNames = ["decode", "encode", "kernel", "matrix"]
    static let allNames = quickNames + ["soak", "transport", "scale", "documents"]
    var names: [String] = []
    var rounds = 9
    var asJSON = false
    var showsHelp = false
    var transport = TransportOptions()

    init(_ arguments: [String]) throws {
      var rest = arguments[...]
      while let argument = rest.popFirst() {
        switch argument {
        case "--json": asJSON = true
        case "--help", "-h": showsHelp = true
        case "--rounds": rounds = try Self.number(argument, rest.popFirst(), 1...1_000)
        case "--core": transport.core = try Self.number(argument, rest.popFirst(), 0...1_023)
        case "--turn":
          transport.turn = .milliseconds(try Self.number(argument, rest.popFirst(), 1...60_000))
        case "--in-flight":
          transport.inFlight = try Self.list(argument, rest.popFirst()) {
            try Self.number(argument, $0, 1...100_000)
          }
        case "--contenders":
          transport.contenders = try Self.list(argument, rest.popFirst()) { name in
            guard let contender = Contender(rawValue: name) else {
              throw UsageError(message: "there is no contender \(name)")
            }
            return contender
          }
        case "--sequence":
          transport.sequentialCalls = try Self.number(argument, rest.popFirst(), 10...1_000_000_000)
        case _ where Self.allNames.contains(argument): names.append(argument)
        default: throw UsageError(message: "unknown argument \(argument)")
        }
      }
      if names.isEmpty { names = Self.quickNames }
      transport.rounds = rounds
      transport.asJSON = asJSON
    }

    private static func number(
      _ option: String, _ text: String?, _ range: ClosedRange<Int>
    ) throws -> Int {
      guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
        throw UsageError(
          message: "\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }

    private static func list<Element>(
      _ option: String, _ text: String?, _ element: (String) throws -> Element
    ) throws -> [Element] {
      guard let text, !text.isEmpty else { throw UsageError(message: "\(option) takes a list") }
      return try text.split(separator: ",").map { try element(String($0)) }
    }
  }
}
