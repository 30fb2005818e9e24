import Foundation

/// A contender in a process of its own, so that its processor time and memory are its own.
final class ContenderProcess {
  let contender: Contender
  let connections: Int
  private let process: ChildProcess

  init(_ contender: Contender, url: String, connections: Int) throws {
    self.contender = contender
    self.connections = connections
    process = try ChildProcess(["contender", contender.rawValue, url, String(connections)])
  }

  func run(_ load: Load) throws -> Tally {
    try process.tell(load.description)
    let line = try process.answer()
    guard let tally = Tally(line) else { throw BenchmarkFailure("a contender answered \(line)") }
    guard tally.failed == 0 else {
      throw BenchmarkFailure("\(tally.failed) calls failed through \(contender.title)")
    }
    return tally
  }
}
