import Foundation

/// A contender in a process of its own, so that its processor time and memory are its own.
final class ContenderProcess {
  let contender: Contender
  private let process: ChildProcess

  init(_ contender: Contender, _ endpoint: Endpoint, connections: Int) throws {
    self.contender = contender
    process = try ChildProcess(["contender", contender.rawValue, String(connections)] + endpoint.arguments)
  }

  func run(_ load: Load) throws -> Tally {
    try start(load)
    return try finish()
  }

  /// Starts a load, so that several processes have one at a time.
  func start(_ load: Load) throws { try process.tell(load.description) }

  /// What came of the load that was started.
  func finish() throws -> Tally {
    let line = try process.answer()
    guard let tally = Tally(line) else { throw BenchmarkFailure("a contender answered \(line)") }
    guard tally.failed == 0 else {
      throw BenchmarkFailure("\(tally.failed) calls failed through \(contender.title)")
    }
    return tally
  }
}
