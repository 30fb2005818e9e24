/// A model on the heap: large or rare, so that what holds it is small, and cheap to move.
///
/// It stands in a list of one, which is changed where it is while reading, and shared afterwards; a blank model takes
/// no memory.
struct Boxed<Model: WireModel & Hashable> {
  private var storage: [Model] = []

  init(_ value: Model) { storage = [value] }

  var value: Model {
    get { storage.first ?? Model() }
    _modify {
      if storage.isEmpty { storage.append(Model()) }
      yield &storage[0]
    }
  }
}

extension Boxed: Hashable {
  static func == (lhs: Boxed, rhs: Boxed) -> Bool { lhs.value == rhs.value }
  func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Boxed: WireModel {
  init() {}

  mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try value.fields(&visitor)
  }

  // Not by `fields`, which would copy a model that is shared.
  func write(to writer: inout JSONWriter) throws { try value.write(to: &writer) }
  mutating func writeInPlace(to writer: inout JSONWriter) throws { try value.write(to: &writer) }
}
