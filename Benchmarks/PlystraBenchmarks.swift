import Foundation

/// Measures the SDK: `plystra-benchmarks [NAME …] [--rounds N] [--json]`.
@main
struct PlystraBenchmarks {
  private static let usage = """
    usage: plystra-benchmarks [decode] [encode] [kernel] [matrix] [soak] [documents] [--rounds N] [--json]

      decode    read an envelope: the SDK's codec against JSONDecoder and JSONSerialization
      encode    write a request or an answer's data: the SDK's codec against JSONEncoder
      kernel    a whole authz.check through the client and the in-memory kernel
      matrix    a permission matrix of 10,000 cases through the client and the in-memory kernel, once
      soak      1,000 calls against a service that is down, then 100,000 against one that is up; not measured
                unless named, fails when a bound is broken, and always prints a table
      documents print the documents of decode and encode as JSON, for other programs to be measured with; only if
                named
      --rounds  how many rounds are measured, 9 if not said otherwise
      --json    print one line of JSON per figure instead of a table

    Without a name, everything is measured. Build with -c release, or the figures mean nothing.
    """

  static func main() async {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      if options.showsHelp {
        print(usage)
        return
      }
      let report = Report(asJSON: options.asJSON)
      for name in options.names {
        if name == "documents" {
          print(try BenchmarkDocument.all())
          continue
        }
        if name == "soak" {
          try await Soak.run()
          continue
        }
        if name == "matrix" {
          try await MatrixBenchmark(asJSON: options.asJSON).run()
          continue
        }
        for contest in try contests(of: name) {
          report.print(contest, try await contest.run(rounds: options.rounds))
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

  private static func contests(of name: String) throws -> [Contest] {
    switch name {
    case "decode": try EnvelopeBenchmarks.decode()
    case "encode": try EnvelopeBenchmarks.encode()
    default: try KernelBenchmarks.check()
    }
  }

  private struct UsageError: Error { let message: String }

  private struct Options {
    static let allNames = ["decode", "encode", "kernel", "matrix", "soak", "documents"]
    var names: [String] = []
    var rounds = 9
    var asJSON = false
    var showsHelp = false

    init(_ arguments: [String]) throws {
      var rest = arguments[...]
      while let argument = rest.popFirst() {
        switch argument {
        case "--json": asJSON = true
        case "--help", "-h": showsHelp = true
        case "--rounds":
          guard let text = rest.popFirst(), let count = Int(text), (1...1_000).contains(count) else {
            throw UsageError(message: "--rounds takes a number from 1 to 1000")
          }
          rounds = count
        case _ where Self.allNames.contains(argument): names.append(argument)
        default: throw UsageError(message: "unknown argument \(argument)")
        }
      }
      if names.isEmpty { names = Self.allNames.filter { $0 != "soak" && $0 != "documents" } }
    }
  }
}
