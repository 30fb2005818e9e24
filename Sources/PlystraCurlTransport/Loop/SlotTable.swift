/// A table whose elements keep their index until they are removed, and whose free places are used again.
struct SlotTable<Element> {
  private var elements: [Element?] = []
  private var free: [Int] = []

  /// Where the next `insert` has to go.
  var freeSlot: Int { free.last ?? elements.count }

  /// The elements in no particular order.
  var all: [Element] { elements.compactMap { $0 } }

  subscript(slot: Int) -> Element? { elements.indices.contains(slot) ? elements[slot] : nil }

  mutating func insert(_ element: Element, at slot: Int) {
    if slot == elements.count {
      elements.append(element)
    } else {
      free.removeLast()
      elements[slot] = element
    }
  }

  mutating func remove(at slot: Int) {
    elements[slot] = nil
    free.append(slot)
  }
}
