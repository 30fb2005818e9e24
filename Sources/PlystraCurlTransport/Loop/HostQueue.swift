/// The transfers with one host: those under way, and those that wait for a connection in the order they came.
///
/// A queue for each host, so that a host that does not answer holds up nobody else.
final class HostQueue {
  let origin: String
  /// Whether the engine has this host on its list of those that can start a transfer.
  var isListed = false
  private(set) var runningCount = 0

  /// Transfers in the order of their tickets; nil where one left before its turn.
  private var line: [Transfer?] = []
  /// Where in `line` the next one is, or the end.
  private var head = 0
  /// The ticket of the first element of `line`.
  private var firstTicket = 0
  private var waitingCount = 0

  init(origin: String) { self.origin = origin }

  var hasWaiting: Bool { waitingCount > 0 }
  var isIdle: Bool { runningCount == 0 && waitingCount == 0 }

  func enqueue(_ transfer: Transfer) {
    transfer.stage = .waiting(ticket: firstTicket + line.count)
    line.append(transfer)
    waitingCount += 1
  }

  /// The transfer that has waited longest; it counts as waiting no more.
  func dequeue() -> Transfer? {
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

  /// Takes out a waiting transfer.
  func withdraw(ticket: Int) {
    line[ticket - firstTicket] = nil
    waitingCount -= 1
  }

  func didStart() { runningCount += 1 }
  func didEnd() { runningCount -= 1 }

  /// Gives up the part of the line that is behind us, when it is the greater part.
  private func trim() {
    if head == line.count {
      line.removeAll(keepingCapacity: line.capacity <= 1_024)
    } else if head >= 64 && 2 * head >= line.count {
      line.removeFirst(head)
    } else {
      return
    }
    firstTicket += head
    head = 0
  }
}
