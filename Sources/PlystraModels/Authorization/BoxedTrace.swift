/// A trace on the heap: it is large and rare, and a model that held it in itself would be as large.
///
/// It stands in a list of one, which is changed where it is while reading, and shared afterwards.
struct BoxedTrace: WireValue, Hashable {
  private var storage: [DecisionTrace]

  /// A blank trace.
  init() { storage = [DecisionTrace()] }

  init(_ trace: DecisionTrace) { storage = [trace] }

  var trace: DecisionTrace {
    get { storage[0] }
    _modify { yield &storage[0] }
  }

  static func read(from reader: inout JSONReader) throws -> BoxedTrace {
    var box = BoxedTrace()
    try box.trace.readFields(from: &reader)
    return box
  }

  func write(to writer: inout JSONWriter) throws { try trace.write(to: &writer) }
}
