import Foundation

/// What a contender is asked to do in one turn.
struct Load {
  /// Calls on their way at any time; 0 rests for `nanoseconds`.
  var inFlight: Int
  /// How long calls are begun; 0 makes exactly `minimum`.
  var nanoseconds: UInt64
  /// The fewest calls to make.
  var minimum: UInt64 = 0
}

extension Load: LosslessStringConvertible {
  init?(_ text: String) {
    let words = text.split(separator: " ").compactMap { UInt64($0) }
    guard words.count == 3 else { return nil }
    self.init(inFlight: Int(words[0]), nanoseconds: words[1], minimum: words[2])
  }

  var description: String { "\(inFlight) \(nanoseconds) \(minimum)" }
}

/// What came of a turn.
struct Tally {
  var answered: UInt64
  var failed: UInt64
  /// Nanoseconds that the turn took.
  var elapsed: UInt64
  /// Nanoseconds of processor time that the contender's process used.
  var processor: UInt64
  /// Nanoseconds from the wish for a call to its result: of half of all, and of 99 %, at most.
  var median: UInt64
  var slowest: UInt64
  /// Bytes of memory that the process has at the end of the turn, and the most it had so far.
  var resident: UInt64
  var peak: UInt64

  /// Calls a second.
  var rate: Double { Double(answered) / (Double(elapsed) / 1e9) }
  /// Microseconds of processor time a call.
  var processorPerCall: Double { Double(processor) / 1_000 / Double(max(answered, 1)) }
}

extension Tally: LosslessStringConvertible {
  init?(_ text: String) {
    let words = text.split(separator: " ").compactMap { UInt64($0) }
    guard words.count == 8 else { return nil }
    self.init(
      answered: words[0], failed: words[1], elapsed: words[2], processor: words[3], median: words[4],
      slowest: words[5], resident: words[6], peak: words[7])
  }

  var description: String {
    [answered, failed, elapsed, processor, median, slowest, resident, peak].map(String.init)
      .joined(separator: " ")
  }
}
