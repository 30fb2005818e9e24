/// A table whose elements keep their index until they are removed, and whose free places are used again.
struct SlotTable<Element> {
  private var elements: [Element?] = []
  private var free: [Int] = []

  /// The elements in no particular order.
  var all: [Element] { elements.compactMap { $0 } }

  subscript(slot: Int) -> Element? { elements[slot] }

  /// - Returns: where the element is now.
  mutating func insert(_ element: Element) -> Int {
    guard let slot = free.popLast() else {
      elements.append(element)
      return elements.count - 1
    }
    elements[slot] = element
    return slot
  }

  mutating func remove(at slot: Int) {
    elements[slot] = nil
    free.append(slot)
  }
}
