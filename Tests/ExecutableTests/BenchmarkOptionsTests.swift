import Testing

@Suite("plystra-benchmarks: its options")
struct BenchmarkOptionsTests {
  @Test(
    "A bad option ends it with an error that names the option",
    arguments: [
      ["--http", "3"], ["--http", "2"], ["--scheme", "ftp"], ["--cores", "0"], ["--connections", "1025"],
      ["--burst", "none"], ["--idle"], ["--plot"], ["--contenders", "wget"],
      ["--contenders", "urlsession", "--scheme", "https"], ["--plot", "plot.svg", "--burst", "256"],
    ])
  func badOption(_ arguments: [String]) async throws {
    let outcome = try await Executable.run("plystra-benchmarks", ["transport"] + arguments)
    #expect(outcome.status == 2)
    #expect(
      outcome.complaint.hasPrefix("plystra-benchmarks: \(arguments[0]) ")
        || outcome.complaint.hasPrefix("plystra-benchmarks: \(arguments[0]): "))
    #expect(outcome.output.isEmpty)
  }
}
