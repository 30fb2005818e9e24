/// A command line that cannot be obeyed, and why.
struct UsageError: Error { let message: String }

/// What the command line asks for.
struct Options {
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
      case "--json":
        // Only a name that ends so is a file: `--json decode` names a benchmark.
        if rest.first?.hasSuffix(".json") == true {
          transport.jsonFile = rest.popFirst()
        } else {
          asJSON = true
        }
      case "--help", "-h": showsHelp = true
      case "--rounds": rounds = try Self.number(argument, rest.popFirst(), 1...1_000)
      case "--scheme":
        transport.scheme = try Self.choice(argument, rest.popFirst(), of: ["http": .http, "https": .https])
      case "--http": transport.http = try Self.choice(argument, rest.popFirst(), of: ["1": 1, "2": 2])
      case "--cores": transport.cores = try Self.choice(argument, rest.popFirst(), of: ["1": 1, "2": 2])
      case "--connections": transport.connections = try Self.number(argument, rest.popFirst(), 1...1_024)
      case "--burst": transport.burst = try Self.number(argument, rest.popFirst(), 1...10_000)
      case "--idle": transport.idle = try Self.number(argument, rest.popFirst(), 1...3_600)
      case "--plot": transport.plotFile = try Self.file(argument, rest.popFirst())
      case "--turn":
        transport.turn = .milliseconds(try Self.number(argument, rest.popFirst(), 1...60_000))
      case "--in-flight":
        transport.inFlight = try Self.list(argument, rest.popFirst()) {
          try Self.number(argument, $0, 1...100_000)
        }
      case "--contenders":
        transport.contenders = try Self.list(argument, rest.popFirst()) { name in
          guard let contender = Contender(rawValue: name) else {
            throw UsageError(message: "\(argument): there is no contender \(name)")
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
    try checkTransport()
  }

  private func checkTransport() throws {
    if transport.http == 2, transport.scheme == .http {
      throw UsageError(message: "--http 2 needs --scheme https: CurlTransport speaks HTTP/2 over TLS only")
    }
    if transport.scheme == .https, transport.contenders.contains(.urlSession) {
      throw UsageError(
        message: "--contenders: urlsession cannot be given the server's authority; use --scheme http")
    }
    if transport.burst != nil || transport.idle != nil {
      for (option, file) in [("--plot", transport.plotFile), ("--json", transport.jsonFile)] where file != nil
      {
        throw UsageError(message: "\(option) takes a file when speed is measured, not with --burst or --idle")
      }
    }
  }

  private static func choice<Value>(_ option: String, _ text: String?, of values: [String: Value]) throws
    -> Value
  {
    guard let value = text.flatMap({ values[$0] }) else {
      throw UsageError(message: "\(option) takes \(values.keys.sorted().joined(separator: " or "))")
    }
    return value
  }

  private static func file(_ option: String, _ text: String?) throws -> String {
    guard let text, !text.isEmpty, !text.hasPrefix("-") else {
      throw UsageError(message: "\(option) takes a file")
    }
    return text
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
