/// Where reading stands in one object: the key that is next, and which fields have been seen.
///
/// A model has at most 64 fields, one bit each, counted in the order in which it shows them.
struct FieldState {
  /// The key that is next, while `hasKey`.
  var key = JSONStringRange(start: 0, end: 0, isEscaped: false)
  var hasKey = false
  /// The number of the field that is shown next.
  var ordinal: UInt64 = 0
  var seen: UInt64 = 0
  var required: UInt64 = 0
  /// Set for a last pass that names the first missing field.
  var isReporting = false
  /// Where the object begins.
  var start = 0
}

extension JSONReader {
  /// Reads an object into a model.
  ///
  /// The model shows its fields in the order of the wire, so one pass over them usually meets all keys; keys in
  /// another order, or unknown ones, cost further passes.
  mutating func readFields<Model: WireModel>(of model: inout Model) throws {
    let outer = fields
    fields = FieldState()
    _ = try peek()
    fields.start = position
    if try beginObject() { try advanceToKey() }
    repeat {
      let before = position
      fields.ordinal = 0
      try model.fields(&self)
      if fields.hasKey, position == before { try skipField() }
    } while fields.hasKey
    if fields.required & ~fields.seen != 0 {
      fields.isReporting = true
      fields.ordinal = 0
      try model.fields(&self)
    }
    fields = outer
  }

  /// Consumes the key that is next and the colon behind it.
  @inline(__always)
  private mutating func advanceToKey() throws {
    fields.key = try scanKey()
    fields.hasKey = true
    try expectColon()
  }

  /// Moves on behind a field's value, to the next key if there is one.
  @inline(__always)
  private mutating func endField() throws {
    if try nextInObject() {
      try advanceToKey()
    } else {
      fields.hasKey = false
    }
  }

  /// Skips a field that the model does not know.
  private mutating func skipField() throws {
    try skipValue()
    try endField()
  }

  /// Whether the key that is next is `key`, however it is escaped.
  @inline(__always)
  private func isNext(_ key: StaticString) -> Bool {
    guard fields.hasKey else { return false }
    if fields.key.isEscaped { return string(in: fields.key) == key.description }
    return fields.key.end - fields.key.start == key.utf8CodeUnitCount && equals(key, at: fields.key.start)
  }

  /// Counts a field, and says whether its value is next.
  @inline(__always)
  private mutating func visit(_ key: StaticString, isRequired: Bool, isDecisive: Bool) throws -> Bool {
    let bit = 1 &<< fields.ordinal
    fields.ordinal &+= 1
    if isRequired { fields.required |= bit }
    if fields.isReporting {
      if isRequired, fields.seen & bit == 0 { throw fault("'\(key)' is missing", at: fields.start) }
      return false
    }
    guard isNext(key) else { return false }
    if isDecisive, fields.seen & bit != 0 {
      throw JSONFault(
        reason: "'\(key)' stands twice, and parsers disagree on which counts", offset: fields.key.start,
        isDuplicateKey: true)
    }
    fields.seen |= bit
    return true
  }

  @inline(__always)
  private mutating func read<Value: WireValue>(_ value: inout Value?) throws {
    value = try Value.readOptional(from: &self)
    try endField()
  }
}

extension JSONReader: FieldVisitor {
  package static var isReader: Bool { true }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    guard try visit(key, isRequired: false, isDecisive: false) else { return }
    if let present = try Value.readOptional(from: &self) { value = present }
    try endField()
  }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    guard try visit(key, isRequired: false, isDecisive: false) else { return }
    try read(&value)
  }

  @inline(__always)
  package mutating func required<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    guard try visit(key, isRequired: true, isDecisive: false) else { return }
    value = try Value.read(from: &self)
    try endField()
  }

  @inline(__always)
  package mutating func decisive<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    guard try visit(key, isRequired: false, isDecisive: true) else { return }
    try read(&value)
  }

  @inline(__always)
  package mutating func decisiveRequired<Value: WireValue>(
    _ key: StaticString, _ value: inout Value
  ) throws {
    guard try visit(key, isRequired: true, isDecisive: true) else { return }
    value = try Value.read(from: &self)
    try endField()
  }
}
