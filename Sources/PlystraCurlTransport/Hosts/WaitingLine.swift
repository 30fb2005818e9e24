/// A queue whose elements may leave before their turn, in the order of their tickets.
struct WaitingLine<Element> {
  private struct Place {
    let ticket: Int
    /// Nil where one left.
    var element: Element?
  }

  private var places: [Place] = []
  /// Where in `places` the next one is, or the end.
  private var head = 0
  private var nextTicket = 0
  /// How many wait.
  private(set) var count = 0

  /// How many places are held, those of elements that left included.
  var placeCount: Int { places.count - head }

  /// - Returns: the ticket of the element.
  mutating func append(_ element: Element) -> Int {
    let ticket = nextTicket
    nextTicket += 1
    places.append(Place(ticket: ticket, element: element))
    count += 1
    return ticket
  }

  mutating func removeFirst() -> Element? {
    while head < places.count {
      let next = places[head].element.take()
      head += 1
      if next != nil { count -= 1 }
      trim()
      if let next { return next }
    }
    return nil
  }

  /// Takes out the element with a ticket, if it still waits.
  mutating func remove(ticket: Int) {
    guard let index = index(of: ticket), places[index].element != nil else { return }
    places[index].element = nil
    count -= 1
    trim()
  }

  /// Tickets ascend.
  private func index(of ticket: Int) -> Int? {
    var (low, high) = (head, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].ticket < ticket { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low].ticket == ticket ? low : nil
  }

  /// Gives up empty places when they are the greater part, so that each is moved once on average.
  private mutating func trim() {
    if count == 0 {
      places.removeAll(keepingCapacity: places.capacity <= 1_024)
      head = 0
    } else if places.count >= 64 && 2 * count <= places.count {
      places.removeAll { $0.element == nil }
      head = 0
    }
  }
}
