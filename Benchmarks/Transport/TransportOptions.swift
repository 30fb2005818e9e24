/// How `transport` and `scale` are to be run.
struct TransportOptions {
  var rounds = 9
  var asJSON = false
  /// Files for the figures, a line of JSON each, and for a plot of the ratios.
  var jsonFile: String?
  var plotFile: String?
  var scheme = Endpoint.Scheme.http
  var http = 1
  /// How many cores server and clients have: one for both, one for each, or nil for all there are.
  var cores: Int?
  /// The most connections of a contender.
  var connections = 32
  /// How long one turn of a contender takes.
  var turn = Duration.milliseconds(300)
  /// Calls on their way at a time.
  var inFlight = [1, 16, 64, 256]
  var contenders = Contender.fast
  /// How many calls begin at once without a connection, which are then counted; nil measures speed.
  var burst: Int?
  /// Seconds for which contenders rest after 1,000 calls; nil measures speed.
  var idle: Int?
  /// Calls that `scale` makes one after another.
  var sequentialCalls = 1_000_000

  /// What was measured, in words.
  var title: String {
    let place =
      switch cores {
      case 1: "server and client on one core"
      case 2: "server and client on a core each"
      default: "not bound to cores"
      }
    return "HTTP/\(http == 2 ? "2" : "1.1") over \(scheme == .https ? "TLS" : "plain TCP"), \(place)"
  }
}
