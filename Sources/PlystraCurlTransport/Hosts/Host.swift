/// What a loop knows of one host: who waits for it, what is under way, which HTTP it speaks, and which of its connections
/// may be used.
///
/// A queue for each host, so that one that does not respond holds up no other.
struct Host {
  let origin: String
  /// Whether the engine has this host on its list of those that can start a transfer.
  var isListed = false
  private(set) var runningCount = 0
  /// Whether its last response came over HTTP/2; nil before the first one.
  private(set) var speaksHTTP2: Bool?
  /// Transfers use connections of this generation only.
  private(set) var generation: Int
  /// When the first transfer of this generation started; nil before that.
  private var generationStart: MonotonicTime?
  private var line = WaitingLine<Int>()

  init(origin: String, generation: Int) {
    self.origin = origin
    self.generation = generation
  }

  var waitingCount: Int { line.count }
  var isIdle: Bool { runningCount == 0 && line.count == 0 }

  /// Whether a transfer waits, and fewer are under way than may be.
  func canStart(limit: @autoclosure () -> Int) -> Bool { line.count > 0 && runningCount < limit() }

  /// - Returns: the ticket of the transfer in this slot.
  mutating func enqueue(slot: Int) -> Int { line.append(slot) }

  /// The slot of the transfer that has waited longest; it waits no longer.
  mutating func dequeue() -> Int? { line.removeFirst() }

  mutating func withdraw(ticket: Int) { line.remove(ticket: ticket) }

  mutating func didStart(at now: MonotonicTime) {
    runningCount += 1
    if generationStart == nil { generationStart = now }
  }

  mutating func didEnd() { runningCount -= 1 }

  mutating func didReceive(overHTTP2: Bool) { speaksHTTP2 = overHTTP2 }

  /// Whether connections that other transfers share may be older than so many seconds. Those of HTTP/1.1 are free between
  /// two transfers, when libcurl sees to their age.
  func hasOldConnections(at now: MonotonicTime, maximumSeconds: Int?) -> Bool {
    guard speaksHTTP2 == true, let maximumSeconds, let generationStart else { return false }
    return generationStart.advanced(bySeconds: maximumSeconds) <= now
  }

  /// Has transfers use new connections.
  mutating func begin(generation: Int) {
    self.generation = generation
    generationStart = nil
  }
}
