/// Where reading stands in one object: what is next, and which fields have been seen.
///
/// A model has at most 64 fields that are required, decisive or models themselves, one bit each, counted in the order
/// in which it shows them.
struct FieldState {
  /// What is next in the object.
  enum Place {
    /// Nothing: the object has ended.
    case end
    /// A key, at its opening quote.
    case key
    /// The value of a key that had to be scanned: it is escaped, or has space behind it.
    case scannedKey
    /// Nothing, and a last pass names the first missing field.
    case report
  }

  var place = Place.end
  /// The bit of the counted field that is shown next.
  var bit: UInt64 = 1
  var seen: UInt64 = 0
  var required: UInt64 = 0
  /// Where the object begins.
  var start = 0
  /// Where the pass over the fields that is under way began; -1 before the first.
  var passStart = -1
}

extension JSONReader {
  /// Begins to read an object's fields, and returns the state of the object around it, for ``leaveObject(_:)``.
  ///
  /// The model then shows its fields for as long as ``needsPass()`` says. It shows them in the order of the wire, so
  /// that one pass usually meets all keys, each by a comparison with the bytes that are next; keys in another order,
  /// or unknown ones, cost further passes.
  @inline(__always)
  mutating func enterObject() throws -> FieldState {
    let outer = fields
    if isNext("{\""), depth < Self.maximumDepth {
      fields = FieldState(place: .key, start: position)
      position &+= 1
      depth &+= 1
    } else {
      try enterObjectBehindWhitespace()
    }
    return outer
  }

  @inline(never)
  private mutating func enterObjectBehindWhitespace() throws {
    _ = try peek()
    fields = FieldState(start: position)
    if try beginObject() { try advanceToKey() }
  }

  /// Whether these two characters are next.
  @inline(__always)
  private func isNext(_ pair: StaticString) -> Bool {
    count &- position >= 2 && equals(pair, at: position)
  }

  @inline(__always)
  mutating func leaveObject(_ outer: FieldState) { fields = outer }

  /// Whether the model has to show its fields, once more.
  @inline(__always)
  mutating func needsPass() throws -> Bool {
    if fields.passStart < 0 {
      // Even an object without keys is shown the fields once, to be told what is required.
      fields.passStart = position
      return true
    }
    if fields.place == .end, fields.required & ~fields.seen == 0 { return false }
    try prepareFurtherPass()
    return true
  }

  @inline(never)
  private mutating func prepareFurtherPass() throws {
    switch fields.place {
    case .end: fields.place = .report
    case .report: throw fault("a field is missing", at: fields.start)
    case .key, .scannedKey: if position == fields.passStart { try takeUnmatchedKey() }
    }
    fields.passStart = position
    fields.bit = 1
  }

  /// Moves on to the key that is next.
  @inline(__always)
  private mutating func advanceToKey() throws {
    guard try peek() == UInt8(ascii: "\"") else { throw fault("expected a key in quotes") }
    fields.place = .key
  }

  /// Deals with a key that no field of a pass was: skips it, or scans it where it may yet be one, written otherwise.
  @inline(never)
  private mutating func takeUnmatchedKey() throws {
    if fields.place == .key {
      scannedKey = try scanKey()
      let isWrittenPlainly = !scannedKey.isEscaped && position < count && base[position] == UInt8(ascii: ":")
      try expectColon()
      if !isWrittenPlainly {
        fields.place = .scannedKey
        return
      }
    }
    try skipValue()
    try endField()
  }

  /// Moves on behind a field's value, to the next key if there is one.
  @inline(__always)
  mutating func endField() throws {
    if isNext(",\"") {
      position &+= 1
      fields.place = .key
    } else if position < count, base[position] == UInt8(ascii: "}") {
      position &+= 1
      depth &-= 1
      fields.place = .end
    } else {
      try endFieldBehindWhitespace()
    }
  }

  @inline(never)
  private mutating func endFieldBehindWhitespace() throws {
    fields.place = .end
    if try nextInObject() { try advanceToKey() }
  }

  /// Consumes the key that is next and its colon, if the key is `key`.
  @inline(__always)
  private mutating func consume(_ key: StaticString) -> Bool {
    guard fields.place == .key else { return fields.place == .scannedKey && isScanned(key) }
    let end = position &+ 1 &+ key.utf8CodeUnitCount
    guard end &+ 1 < count, equals("\":", at: end), equals(key, at: position &+ 1) else { return false }
    position = end &+ 2
    return true
  }

  /// Whether the scanned key is `key`, however it is written.
  @inline(never)
  private mutating func isScanned(_ key: StaticString) -> Bool {
    string(in: scannedKey).utf8.elementsEqual(key.description.utf8)
  }

  /// Counts a field, and says whether it is next, whose key is then consumed, and whether it was met before.
  @inline(__always)
  private mutating func count(_ key: StaticString, isRequired: Bool = false) throws -> (
    isNext: Bool, isRepeated: Bool
  ) {
    let bit = fields.bit
    fields.bit = bit &<< 1
    if isRequired {
      fields.required |= bit
      if fields.place == .report, fields.seen & bit == 0 {
        throw JSONFault(reason: "'\(key)' is missing", offset: fields.start)
      }
    }
    guard consume(key) else { return (false, false) }
    let isRepeated = fields.seen & bit != 0
    fields.seen |= bit
    return (true, isRepeated)
  }

  /// Whether a decisive field is next, whose key is then consumed.
  @inline(__always)
  private mutating func consumeDecisive(_ key: StaticString, isRequired: Bool) throws -> Bool {
    let before = position
    let (isNext, isRepeated) = try count(key, isRequired: isRequired)
    if isRepeated { throw duplicate(of: key, at: before) }
    return isNext
  }

  @inline(never)
  private func duplicate(of key: StaticString, at offset: Int) -> JSONFault {
    JSONFault(
      reason: "'\(key)' stands twice, and parsers disagree on which counts",
      offset: fields.place == .scannedKey ? scannedKey.start : offset + 1, isDuplicateKey: true)
  }
}

extension JSONReader: FieldVisitor {
  package var meetsUnshownKeys: Bool { fields.place == .key || fields.place == .scannedKey }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    if consume(key) { try readPresent(&value) }
  }

  @inline(__always)
  package mutating func field<Value: WireModel>(_ key: StaticString, _ value: inout Value) throws {
    let (isNext, isRepeated) = try count(key)
    if isNext { try readModel(&value, isRepeated: isRepeated) }
  }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    if consume(key) { try readOptional(&value) }
  }

  @inline(__always)
  package mutating func list<Element: WireValue>(_ key: StaticString, _ value: inout [Element]?) throws {
    if consume(key) { try readList(&value) }
  }

  @inline(__always)
  package mutating func flag(_ key: StaticString, _ value: inout Bool) throws {
    if consume(key) { try readOptional(&value, absent: false) }
  }

  @inline(__always)
  package mutating func required<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    if try count(key, isRequired: true).isNext { try read(&value) }
  }

  @inline(__always)
  package mutating func decisive<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    if try consumeDecisive(key, isRequired: false) { try readOptional(&value) }
  }

  @inline(__always)
  package mutating func decisiveRequired<Value: WireValue>(
    _ key: StaticString, _ value: inout Value
  ) throws {
    if try consumeDecisive(key, isRequired: true) { try read(&value) }
  }

  /// A field as `decisiveRequired`, whose type has no blank value.
  @inline(__always)
  mutating func decisiveRequired<Value: WireValue>(_ key: StaticString, orNil value: inout Value?) throws {
    guard try consumeDecisive(key, isRequired: true) else { return }
    try Value.read(into: &value, from: &self)
    try endField()
  }

  // Out of line, once for each type, so that a model's fields stay small enough to be compiled as one.

  @inline(never)
  private mutating func read<Value: WireValue>(_ value: inout Value) throws {
    value = try Value.read(from: &self)
    try endField()
  }

  @inline(never)
  private mutating func readPresent<Value: WireValue>(_ value: inout Value) throws {
    try Value.readPresent(into: &value, from: &self)
    try endField()
  }

  @inline(never)
  private mutating func readModel<Value: WireModel>(_ value: inout Value, isRepeated: Bool) throws {
    if try !readNull() {
      if isRepeated { value = Value() }
      try value.readFields(from: &self)
    }
    try endField()
  }

  @inline(never)
  private mutating func readList<Element: WireValue>(_ value: inout [Element]?) throws {
    value = try readNull() ? nil : Element.readList(from: &self)
    try endField()
  }

  @inline(never)
  private mutating func readOptional<Value: WireValue>(_ value: inout Value, absent: Value) throws {
    value = try Value.readOptional(from: &self) ?? absent
    try endField()
  }

  @inline(never)
  private mutating func readOptional<Value: WireValue>(_ value: inout Value?) throws {
    try Value.readOptional(into: &value, from: &self)
    try endField()
  }
}
