/// A table whose elements keep their index until they are removed, and whose free places are used again.
struct SlotTable<Element> {
  private var elements: [Element?] = []
  private var free: [Int] = []

  /// The elements in no particular order.
  var all: [Element] { elements.compactMap { $0 } }

  subscript(slot: Int) -> Element? { elements.indices.contains(slot) ? elements[slot] : nil }

  /// The element at a slot that is known to have one.
  ///
  /// No input leads to another slot: the loop alone makes and removes them. Without the element it could not tell whose
  /// request it has, and the response could go to another one, so it ends the process instead.
  subscript(existing slot: Int) -> Element {
    get {
      guard let element = elements[slot] else { preconditionFailure("there is nothing at slot \(slot)") }
      return element
    }
    _modify {
      // Taken out, so that it has one owner while it is changed.
      guard var element = elements[slot].take() else {
        preconditionFailure("there is nothing at slot \(slot)")
      }
      defer { elements[slot] = element }
      yield &element
    }
  }

  /// - Returns: where the element is now.
  mutating func insert(_ element: Element) -> Int {
    guard let slot = free.popLast() else {
      elements.append(element)
      return elements.count - 1
    }
    elements[slot] = element
    return slot
  }

  /// Takes an element out; nil if there is none.
  @discardableResult
  mutating func remove(at slot: Int) -> Element? {
    guard elements.indices.contains(slot), let element = elements[slot].take() else { return nil }
    free.append(slot)
    return element
  }
}
