/// What a report shows of a contender under one load.
struct TransportFigures {
  /// The least, the middle and the most of some figures.
  struct Spread {
    let minimum: Double
    let median: Double
    let maximum: Double

    init(_ values: some Sequence<Double>) {
      let sorted = values.sorted()
      minimum = sorted.first ?? 0
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      maximum = sorted.last ?? 0
    }
  }

  let contender: Contender
  let inFlight: Int
  /// Calls a second, and their ratio to those of the contender that the others are compared with.
  let rate: Spread
  let ratio: Double
  /// Microseconds that half of all calls took at most, and 99 %.
  let median: Double
  let slowest: Double
  /// Microseconds of processor time a call, and their ratio.
  let processor: Double
  let processorRatio: Double
  /// The most memory of the process, in MiB.
  let memory: Double

  init(_ contender: Contender, inFlight: Int, _ tallies: [Tally], comparedWith reference: [Tally]) {
    self.contender = contender
    self.inFlight = inFlight
    rate = Spread(tallies.map(\.rate))
    // Turns of a round are neighbours in time, so that a slow machine slows both sides of a ratio.
    ratio = Spread(zip(tallies, reference).map { $0.rate / $1.rate }).median
    median = Spread(tallies.map { Double($0.median) / 1_000 }).median
    slowest = Spread(tallies.map { Double($0.slowest) / 1_000 }).median
    processor = Spread(tallies.map(\.processorPerCall)).median
    processorRatio = Spread(zip(tallies, reference).map { $0.processorPerCall / $1.processorPerCall }).median
    memory = Double(tallies.last?.peak ?? 0) / Double(1 << 20)
  }
}
