/// How `transport` and `scale` are to be run.
struct TransportOptions {
  var rounds = 7
  var asJSON = false
  /// The one core that everything runs on, or nil for all.
  var core: Int?
  /// How long one turn of a contender takes.
  var turn = Duration.milliseconds(300)
  /// Calls on their way at a time.
  var inFlight = [1, 16, 64, 256]
  var contenders = Contender.allCases
  /// Calls that `scale` makes one after another.
  var sequentialCalls = 1_000_000
}
