/// The transfers by deadline, the earliest first: a binary heap that knows the place of each, so that one that ends
/// early can leave.
///
/// It knows transfers by their slots alone: the path from the root to a leaf, which every removal moves, would
/// otherwise lead through as many objects all over the memory.
struct DeadlineHeap {
  private struct Entry {
    let deadline: MonotonicTime
    let slot: Int
  }

  private var entries: [Entry] = []
  /// Where the transfer at a slot is in `entries`, or -1 if it is not there.
  private var places: [Int] = []

  /// When there is something to do.
  var earliest: MonotonicTime? { entries.first?.deadline }

  /// The slot of the transfer with the earliest deadline, if that has come.
  func first(dueAt now: MonotonicTime) -> Int? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    return first.slot
  }

  mutating func insert(slot: Int, deadline: MonotonicTime) {
    guard deadline < .distantFuture else { return }
    while places.count <= slot { places.append(-1) }
    entries.append(Entry(deadline: deadline, slot: slot))
    moveUp(from: entries.count - 1)
  }

  /// Takes out the transfer at a slot, if it is there.
  mutating func remove(slot: Int) {
    guard slot < places.count, places[slot] >= 0 else { return }
    let place = places[slot]
    places[slot] = -1
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
    places[entry.slot] = place
  }
}
