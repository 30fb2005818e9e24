/// The transfers with one host: those under way, and those that wait for a connection in the order they came.
///
/// A queue for each host, so that a host that does not answer holds up nobody else. Confined to the loop thread.
final class HostQueue {
  let origin: String
  /// Whether the engine has this host on its list of those that can start a transfer.
  var isListed = false
  private(set) var runningCount = 0
  /// Each access is over before anything else is called.
  private let memory = OwnMemory(WaitingLine())

  init(origin: String) { self.origin = origin }

  private var line: UnsafeMutablePointer<WaitingLine> { memory.pointer }

  var hasWaiting: Bool { line.pointee.count > 0 }
  var isIdle: Bool { runningCount == 0 && !hasWaiting }

  func enqueue(_ transfer: Transfer) {
    transfer.stage = .waiting(ticket: line.pointee.append(transfer))
  }

  /// The transfer that has waited longest; it counts as waiting no more.
  func dequeue() -> Transfer? {
    let next = line.pointee.removeFirst()
    next?.stage = .starting
    return next
  }

  /// Takes out a waiting transfer.
  func withdraw(ticket: Int) { line.pointee.remove(ticket: ticket) }

  func didStart() { runningCount += 1 }
  func didEnd() { runningCount -= 1 }
}

/// Transfers in the order of their tickets, each of which may leave before its turn.
private struct WaitingLine {
  /// Nil where one left.
  private var places: [Transfer?] = []
  /// Where in `places` the next one is, or the end.
  private var head = 0
  /// The ticket of the first place.
  private var firstTicket = 0
  /// How many wait.
  private(set) var count = 0

  /// - Returns: the transfer's ticket.
  mutating func append(_ transfer: Transfer) -> Int {
    places.append(transfer)
    count += 1
    return firstTicket + places.count - 1
  }

  mutating func removeFirst() -> Transfer? {
    while head < places.count {
      let next = places[head].take()
      head += 1
      trim()
      guard let next else { continue }
      count -= 1
      return next
    }
    return nil
  }

  mutating func remove(ticket: Int) {
    places[ticket - firstTicket] = nil
    count -= 1
  }

  /// Gives up the part of the line that is behind us, when it is the greater part.
  private mutating func trim() {
    if head == places.count {
      places.removeAll(keepingCapacity: places.capacity <= 1_024)
    } else if head >= 64 && 2 * head >= places.count {
      places.removeFirst(head)
    } else {
      return
    }
    firstTicket += head
    head = 0
  }
}
