/// Several ways of doing one thing, measured in turns so that a noisy machine treats them alike.
struct Contest {
  /// One way: a name, and what does the thing once.
  struct Contender {
    let name: String
    let run: () async throws -> Void
  }

  /// What was measured of one contender, in nanoseconds for doing the thing once.
  struct Figures {
    let name: String
    let median: Double
    let minimum: Double
    let maximum: Double
  }

  let title: String
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
        maximum: sorted.last ?? 0)
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
    for _ in 0..<iterations { try await contender.run() }
    return start.duration(to: clock.now).nanoseconds / Double(iterations)
  }
}

extension Duration {
  fileprivate var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}
