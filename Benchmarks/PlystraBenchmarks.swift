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
      transport  CurlTransport against plain C on the same libcurl, both to an nginx on loopback
      scale      10,000 calls at a time against a slow server, and 1,000,000 one after another
      documents  print the documents of decode and encode as JSON, for other programs to be measured with
      --rounds   how many rounds are measured, 9 by default
      --json     print one line of JSON per figure instead of a table

    of transport and scale:
      --contenders A,B     \(Contender.allCases.map(\.rawValue).joined(separator: ", "));
                           the first is what the others are compared with; all but the last by default

    of transport:
      --scheme http|https  whether over TLS; http by default
      --http 1|2           the version of HTTP, 1 by default; 2 needs --scheme https
      --cores 1|2          bind server and clients to one core, or to a core each (Linux); by default to none
      --connections N      the most connections of a contender, 32 by default
      --in-flight N,N      calls at a time, 1,16,64,256 by default
      --turn MILLISECONDS  how long a contender runs in a round, 300 by default
      --plot FILE          write a plot of the ratios, as SVG
      --json FILE.json     write a line of JSON per figure, besides the table
      --burst N            count the connections that N calls at once open, instead of measuring speed
      --idle SECONDS       measure the use of a core after 1,000 calls, instead of speed

    of scale:
      --sequence N         calls one after another, 1000000 by default

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
        case "transport": try await TransportBenchmark(options: options.transport).run()
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
    if arguments.first == "serve" { return try await BenchmarkServer.serve(Array(arguments.dropFirst())) }
    guard arguments.count >= 5, arguments[0] == "contender",
      let contender = Contender(rawValue: arguments[1]),
      let connections = Int(arguments[2]), let endpoint = Endpoint(arguments[3...])
    else { return false }
    try await contender.serve(endpoint, connections: connections)
    return true
  }

  private static func contests(of name: String) throws -> [Contest] {
    switch name {
    case "decode": try EnvelopeBenchmarks.decode()
    case "encode": try EnvelopeBenchmarks.encode()
    default: try KernelBenchmarks.check()
    }
  }
}
