import PlystraCore
import TestSupport
import Testing

/// `plystra-kernel` as a person, or a client in another language, runs it.
@Suite struct KernelTests {
  @Test(arguments: [Int32(15), 2])
  func endsInOrderAtASignal(_ signal: Int32) async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0"])
    let line = try await kernel.firstLine()
    #expect(line.wholeMatch(of: #/listening on http://127\.0\.0\.1:[0-9]+/#) != nil)
    kernel.signal(signal)
    let outcome = try await kernel.outcome()
    #expect(outcome.status == 0)
    #expect(outcome.output == line + "\n")
  }

  @Test(arguments: [
    [], ["--port"], ["--port", "70000"], ["--port", "x"], ["--seed", "nowhere.json"], ["--what"],
  ])
  func refusesArgumentsThatMakeNoSense(_ arguments: [String]) async throws {
    let outcome = try await Executable.run("plystra-kernel", arguments)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.complaint.hasPrefix("plystra-kernel: "))
  }

  @Test func explainsItself() async throws {
    let outcome = try await Executable.run("plystra-kernel", ["--help"])
    #expect(outcome.status == 0 && outcome.output.contains("--seed"))
  }
}
