/// The exchanges with one host: those under way, and those that wait for a connection in the order they came.
///
/// A queue for each host, so that a host that does not answer holds up nobody else.
final class HostQueue {
  let origin: String
  /// Whether the engine has this host on its list of those that can start an exchange.
  var isListed = false
  private(set) var runningCount = 0

  /// Exchanges in the order of their tickets; nil where one left before its turn.
  private var line: [Exchange?] = []
  /// Where in `line` the next one is, or the end.
  private var head = 0
  /// The ticket of the first element of `line`.
  private var firstTicket = 0
  private var waitingCount = 0

  init(origin: String) { self.origin = origin }

  var hasWaiting: Bool { waitingCount > 0 }
  var isIdle: Bool { runningCount == 0 && waitingCount == 0 }

  func enqueue(_ exchange: Exchange) {
    exchange.stage = .waiting(ticket: firstTicket + line.count)
    line.append(exchange)
    waitingCount += 1
  }

  /// The exchange that has waited longest; it counts as waiting no more.
  func dequeue() -> Exchange? {
    while head < line.count {
      let next = line[head]
      line[head] = nil
      head += 1
      trim()
      guard let next else { continue }
      waitingCount -= 1
      next.stage = .starting
      return next
    }
    return nil
  }

  /// Takes out a waiting exchange.
  func withdraw(ticket: Int) {
    line[ticket - firstTicket] = nil
    waitingCount -= 1
  }

  func didStart() { runningCount += 1 }
  func didEnd() { runningCount -= 1 }

  /// Gives up the part of the line that is behind us, when it is the greater part.
  private func trim() {
    guard head == line.count || (head >= 64 && 2 * head >= line.count) else { return }
    line.removeFirst(head)
    firstTicket += head
    head = 0
  }
}
