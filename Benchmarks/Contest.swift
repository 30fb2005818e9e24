/// Several ways of doing one thing, measured in turns so that a noisy machine treats them alike.
struct Contest {
  /// One way: a name, and what does the thing.
  struct Contender {
    let name: String
    /// Does the thing so many times.
    let repeatedly: (Int) async throws -> Void
    /// Blocks allocated for doing it once, if counted.
    var allocations: Int?

    init(name: String, run: @escaping () async throws -> Void) {
      self.name = name
      repeatedly = { for _ in 0..<$0 { try await run() } }
    }

    private init(
      name: String, repeatedly: @escaping (Int) async throws -> Void, allocations: Int?
    ) {
      self.name = name
      self.repeatedly = repeatedly
      self.allocations = allocations
    }

    /// One that never waits: it is measured without what a suspension would cost, and its allocations are counted.
    static func synchronous(_ name: String, run: @escaping () throws -> Void) throws -> Contender {
      try run()  // What is made once and kept does not count.
      let allocations = try AllocationCounter.count(run)
      return Contender(name: name, repeatedly: { for _ in 0..<$0 { try run() } }, allocations: allocations)
    }
  }

  /// What was measured of one contender, in nanoseconds for doing the thing once.
  struct Figures {
    let name: String
    let median: Double
    let minimum: Double
    let maximum: Double
    let allocations: Int?
  }

  let title: String
  /// The size of the document that is read or written, if there is one.
  var bytes: Int?
  /// The first is what the others are compared with.
  let contenders: [Contender]

  /// Time that one contender runs in one round.
  private static let turn = Duration.milliseconds(40)

  /// Measures every contender once a round.
  func run(rounds: Int) async throws -> [Figures] {
    var counts: [Int] = []
    for contender in contenders { counts.append(try await iterations(of: contender)) }
    var samples = contenders.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, contender) in contenders.enumerated() {
        samples[index].append(try await nanoseconds(of: contender, iterations: counts[index]))
      }
    }
    return zip(contenders, samples).map { contender, samples in
      let sorted = samples.sorted()
      return Figures(
        name: contender.name, median: sorted[sorted.count / 2], minimum: sorted.first ?? 0,
        maximum: sorted.last ?? 0, allocations: contender.allocations)
    }
  }

  /// How often a contender is to run for one turn to take its time; finding out also warms it up.
  private func iterations(of contender: Contender) async throws -> Int {
    var count = 1
    while true {
      let elapsed = try await nanoseconds(of: contender, iterations: count) * Double(count)
      if elapsed >= Self.turn.nanoseconds { return count }
      count =
        elapsed < 1_000
        ? count * 100 : max(count + 1, Int(Double(count) * Self.turn.nanoseconds / elapsed * 1.1))
    }
  }

  private func nanoseconds(of contender: Contender, iterations: Int) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await contender.repeatedly(iterations)
    return start.duration(to: clock.now).nanoseconds / Double(iterations)
  }
}

extension Duration {
  fileprivate var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}
