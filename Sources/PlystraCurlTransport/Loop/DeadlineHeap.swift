/// The exchanges by deadline, the earliest first: a binary heap in which each knows its place, so that one that ends
/// early can leave.
struct DeadlineHeap {
  private struct Entry {
    let deadline: MonotonicTime
    let exchange: Exchange
  }

  private var entries: [Entry] = []

  /// When there is something to do.
  var earliest: MonotonicTime? { entries.first?.deadline }

  /// The exchange with the earliest deadline, if that has come.
  func first(dueAt now: MonotonicTime) -> Exchange? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    return first.exchange
  }

  mutating func insert(_ exchange: Exchange) {
    let deadline = exchange.transfer.deadline
    guard deadline < .distantFuture else { return }
    entries.append(Entry(deadline: deadline, exchange: exchange))
    moveUp(from: entries.count - 1)
  }

  /// Takes out an exchange, if it is there.
  mutating func remove(_ exchange: Exchange) {
    guard let place = exchange.deadlinePlace else { return }
    exchange.deadlinePlace = nil
    let last = entries.removeLast()
    guard place < entries.count else { return }
    entries[place] = last
    moveDown(from: place)
    moveUp(from: place)
  }

  private mutating func moveUp(from start: Int) {
    var place = start
    let entry = entries[place]
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.deadline < entries[parent].deadline else { break }
      put(entries[parent], at: place)
      place = parent
    }
    put(entry, at: place)
  }

  private mutating func moveDown(from start: Int) {
    var place = start
    let entry = entries[place]
    while true {
      var child = 2 * place + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count && entries[child + 1].deadline < entries[child].deadline { child += 1 }
      guard entries[child].deadline < entry.deadline else { break }
      put(entries[child], at: place)
      place = child
    }
    put(entry, at: place)
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    entries[place] = entry
    entry.exchange.deadlinePlace = place
  }
}
