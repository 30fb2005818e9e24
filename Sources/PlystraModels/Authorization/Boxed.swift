/// A model on the heap: large or rare, so that what holds it is small, and cheap to move.
indirect enum Boxed<Model: WireValue & Hashable>: Hashable, Sendable {
  case value(Model)

  init(_ model: Model) { self = .value(model) }

  var value: Model {
    switch self {
    case .value(let model): model
    }
  }
}

extension Boxed: WireValue {
  static func read(from reader: inout JSONReader) throws -> Boxed { .value(try Model.read(from: &reader)) }
  func write(to writer: inout JSONWriter) { value.write(to: &writer) }
}
