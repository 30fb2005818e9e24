import PlystraCore

/// Decides for each request by its number alone what goes wrong, so that the order in which requests end changes
/// nothing.
struct FaultSchedule: Sendable {
  enum Choice: Sendable {
    case script([Fault])
    case rates([FaultRate])
  }

  let seed: UInt64
  let choice: Choice
  let latency: Duration
  let jitter: Duration

  /// What happens to the n-th request, counted from 1.
  func draw(_ number: Int) -> FaultDraw {
    // What one draw takes from its numbers must not move what another gets.
    var numbers = SplitMix64(seed: SplitMix64.mixed(seed) &+ UInt64(number))
    let share = numbers.share()
    let wait = latency + jitter * numbers.share()
    return FaultDraw(fault: fault(number, share), wait: wait, numbers: numbers)
  }

  private func fault(_ number: Int, _ share: Double) -> Fault {
    switch choice {
    case .script(let faults): return number <= faults.count ? faults[number - 1] : .none
    case .rates(let rates):
      var bound = 0.0
      for rate in rates {
        bound += rate.rate
        if share < bound { return rate.fault }
      }
      return .none
    }
  }

  /// The schedule in words.
  var description: String {
    let waits = latency > .zero || jitter > .zero ? ["latency of \(latency) and up to \(jitter) more"] : []
    switch choice {
    case .script(let faults):
      return (["script of \(faults.count)"] + waits).joined(separator: ", ")
    case .rates(let rates):
      return (rates.map { "\($0.fault) at \($0.rate)" } + waits).joined(separator: ", ")
    }
  }
}

/// What happens to one request.
struct FaultDraw: Sendable {
  let fault: Fault
  /// How long the request waits before anything else.
  let wait: Duration
  /// Where further numbers come from, for what is garbled.
  var numbers: SplitMix64
}

/// A small generator of numbers that are the same for the same seed, on every machine and in every version.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  static func mixed(_ value: UInt64) -> UInt64 {
    var word = value
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number from 0 up to, and without, 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from 0 up to, and without, `bound`, which must be positive.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
