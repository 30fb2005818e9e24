/// Where the reader is in an object whose fields a model asks for by name.
struct JSONFieldState {
  /// Where the object begins.
  var start = 0
  /// Whether the reader is at a key.
  var isAtKey = false
  /// Every member of the object, once its fields are not in the order in which they are asked for.
  var index: JSONIndex?
}

/// The members of an object.
struct JSONIndex {
  var members: [(key: JSONString, value: Int)] = []
  /// The offset after the object.
  var end = 0
}

extension JSONReader {
  /// Reads an object, whose fields `body` asks for by name, each once.
  ///
  /// First they are looked for in the order of the contract, where each is compared with the key that is next only: one
  /// that is not there counts as absent. If a key is left over, it is unknown or in another place; then all members are
  /// found, and `body` is called once more.
  ///
  /// - Throws: ``JSONFault`` if a key appears twice in the object, and whatever `body` throws.
  package mutating func readFields<Result>(_ body: (inout JSONReader) throws -> Result) throws -> Result {
    let outer = fields
    _ = try peek()
    fields = JSONFieldState(start: position)
    fields.isAtKey = try begin(UInt8(ascii: "{"), closing: UInt8(ascii: "}"), "an object")
    if fields.isAtKey { try expectKey() }
    let result = try body(&self)
    if !fields.isAtKey, fields.index == nil {
      fields = outer
      return result
    }
    return try readIndexedFields(outer, body)
  }

  /// Reads the object whose fields are not in order once more.
  private mutating func readIndexedFields<Result>(
    _ outer: JSONFieldState, _ body: (inout JSONReader) throws -> Result
  ) throws -> Result {
    try findMembers()
    let result = try body(&self)
    leaveObject(at: fields.index?.end ?? position)
    fields = outer
    return result
  }

  /// A fault of the object whose fields are being read.
  package func objectFault(_ reason: String) -> JSONFault { fault(reason, at: fields.start) }

  // MARK: Finding fields

  /// Whether a field is there, or would be in the order of the contract.
  package func hasField(_ name: StaticString) -> Bool {
    if let index = fields.index { return index.members.contains { isKey($0.key, name) } }
    return isAtField(name)
  }

  @inline(__always)
  private func isAtField(_ name: StaticString) -> Bool {
    fields.isAtKey && text.hasBytes(of: name, at: position + 1)
      && text.hasBytes(of: "\":", at: position + 1 + name.utf8CodeUnitCount)
  }

  /// Moves to the value of a field, and returns whether there is one; it must then be read, and ``endField()`` called.
  @inline(__always)
  private mutating func find(_ name: StaticString) -> Bool {
    if isAtField(name) {
      position += name.utf8CodeUnitCount + 3
      return true
    }
    guard let member = fields.index?.members.first(where: { isKey($0.key, name) }) else { return false }
    position = member.value
    return true
  }

  /// Moves on to the next key, if there is one.
  @inline(__always)
  private mutating func endField() throws {
    if fields.index != nil { return }
    fields.isAtKey = try next(closing: UInt8(ascii: "}"))
    if fields.isAtKey { try expectKey() }
  }

  mutating func expectKey() throws {
    guard try peek() == UInt8(ascii: "\"") else { throw fault("expected a key in quotes") }
  }

  /// Finds all members of the object, from its beginning on.
  private mutating func findMembers() throws {
    if fields.index != nil { return }
    if !fields.isAtKey { depth += 1 }
    leaveObject(at: fields.start)
    fields.index = try readIndex()
    depth += 1
    fields.isAtKey = false
  }

  /// Reads an object for its keys, each of which may appear once.
  mutating func readIndex() throws -> JSONIndex {
    var index = JSONIndex()
    // Of many members, so that no text can make reading quadratic.
    var names: Set<[UInt8]> = []
    try readMembers { key, reader in
      let isRepeated =
        index.members.count < 32
        ? index.members.contains { reader.isSame($0.key, key) } : !names.insert(reader.name(of: key)).inserted
      if isRepeated { throw reader.repeatedKey(key) }
      index.members.append((key, reader.position))
      if index.members.count == 32 { names = Set(index.members.map { reader.name(of: $0.key) }) }
      try reader.skipValue(
        refusingRepeatedKeys: !reader.isKey(key, "metadata") && !reader.isKey(key, "details"))
    }
    index.end = position
    return index
  }

  func repeatedKey(_ key: JSONString) -> JSONFault {
    let name = JSONPath.shown(string(of: key).utf8)
    return JSONFault(
      reason: "'\(name)' appears twice, and parsers disagree on which counts", offset: key.range.lowerBound,
      isRepeatedKey: true)
  }

  // MARK: Fields

  /// A field without which the object means nothing.
  ///
  /// - Throws: ``JSONFault`` if it is absent or of another type.
  package mutating func required<Value: WireValue>(_ name: StaticString) throws -> Value {
    if !find(name) {
      try findMembers()
      guard find(name) else { throw objectFault("'\(name)' is missing") }
    }
    let value = try Value.read(from: &self)
    try endField()
    return value
  }

  /// A field that may be absent, `null` or blank, which all mean nil (contract §2).
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func optional<Value: WireValue>(_ name: StaticString) throws -> Value? {
    guard find(name) else { return nil }
    let value = try Value.readOptional(from: &self)
    try endField()
    return value
  }

  /// A field that has a value where it is absent, `null` or blank.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func value<Value: WireValue>(
    _ name: StaticString, or absent: @autoclosure () -> Value
  ) throws -> Value {
    try optional(name) ?? absent()
  }

  /// Calls `read` with the value of a field, if there is one.
  ///
  /// For types of other modules, for which the functions above are not compiled by themselves.
  package mutating func field(_ name: StaticString, _ read: (inout JSONReader) throws -> Void) throws {
    guard find(name) else { return }
    try read(&self)
    try endField()
  }

  /// A list that is nil where it is absent or `null`; an empty one stays one.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func list<Element: WireValue>(_ name: StaticString) throws -> [Element]? {
    guard find(name) else { return nil }
    let values = try readNull() ? nil : Element.readList(from: &self)
    try endField()
    return values
  }

  /// An object of the application's own; of a key that appears twice in it, the last value wins.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func metadata(_ name: StaticString) throws -> JSONObject? {
    guard find(name) else { return nil }
    let object = try readNull() ? JSONObject() : readObject()
    try endField()
    return object.isEmpty ? nil : object
  }
}
