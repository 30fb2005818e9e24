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
  /// A name is compared with the next key, which it is while `body` asks in the order of the text. The first name that is
  /// another, so that its field is in another place or absent, has all members of the object found.
  ///
  /// - Throws: ``JSONFault`` if a key appears twice in the object, and whatever `body` throws.
  package mutating func readFields<Result>(_ body: (inout JSONReader) throws -> Result) throws -> Result {
    let outer = fields
    _ = try peek()
    fields = JSONFieldState(start: position)
    fields.isAtKey = try begin(UInt8(ascii: "{"), closing: UInt8(ascii: "}"), "an object")
    if fields.isAtKey { try expectKey() }
    let result = try body(&self)
    // Nobody has asked for what is left.
    if fields.isAtKey { try findMembers() }
    if let index = fields.index {
      position = index.end
      depth -= 1
    }
    fields = outer
    return result
  }

  /// A fault of the object whose fields are being read.
  package func objectFault(_ reason: String) -> JSONFault { fault(reason, at: fields.start) }

  // MARK: Finding fields

  /// Whether a field is the next one in the text.
  @inline(__always)
  func isAtField(_ name: StaticString) -> Bool {
    fields.isAtKey && text.hasBytes(of: name, at: position + 1)
      && text.hasBytes(of: "\":", at: position + 1 + name.utf8CodeUnitCount)
  }

  /// Moves to the value of a field, and returns whether there is one; it must then be read, and ``endField()`` called.
  @inline(__always)
  private mutating func find(_ name: StaticString) throws -> Bool {
    if isAtField(name) {
      position += name.utf8CodeUnitCount + 3
      return true
    }
    return try fields.isAtKey || fields.index != nil ? search(for: name) : false
  }

  private mutating func search(for name: StaticString) throws -> Bool {
    try findMembers()
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

  /// Finds all members of the object, from its beginning on, so that its fields can be asked for in any order.
  mutating func findMembers() throws {
    if fields.index != nil { return }
    position = fields.start
    if fields.isAtKey { depth -= 1 }
    var index = JSONIndex()
    try readDistinctMembers { key, reader in
      index.members.append((key, reader.position))
      try reader.skipMember(key)
    }
    index.end = position
    depth += 1
    fields.index = index
    fields.isAtKey = false
  }

  // MARK: Repeated keys

  /// Reads an object in which a key may appear only once, and of which `body` reads each value.
  package mutating func readDistinctMembers(_ body: (JSONString, inout JSONReader) throws -> Void) throws {
    var keys: [JSONString] = []
    keys.reserveCapacity(8)
    // Of many keys, so that no text can make reading quadratic.
    var names: Set<[UInt8]> = []
    try readMembers { key, reader in
      let isRepeated =
        keys.count < 32
        ? keys.contains { reader.isSame($0, key) } : !names.insert(reader.name(of: key)).inserted
      if isRepeated { throw reader.repeatedKey(key) }
      keys.append(key)
      if keys.count == 32 { names = Set(keys.map { reader.name(of: $0) }) }
      try body(key, &reader)
    }
  }

  /// Skips the value of a key, in which no key may appear twice unless it belongs to the application.
  package mutating func skipMember(_ key: JSONString) throws {
    try skipValue(refusingRepeatedKeys: !isKey(key, "metadata") && !isKey(key, "details"))
  }

  private func repeatedKey(_ key: JSONString) -> JSONFault {
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
    guard try find(name) else { throw objectFault("'\(name)' is missing") }
    let value = try Value.read(from: &self)
    try endField()
    return value
  }

  /// A field that may be absent, `null` or blank, which all mean nil (contract §2).
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func optional<Value: WireValue>(_ name: StaticString) throws -> Value? {
    guard try find(name) else { return nil }
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

  /// A list that is nil where it is absent or `null`; an empty one stays one.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func list<Element: WireValue>(_ name: StaticString) throws -> [Element]? {
    guard try find(name) else { return nil }
    let values = try readNull() ? nil : Element.readList(from: &self)
    try endField()
    return values
  }

  /// An object of the application's own; of a key that appears twice in it, the last value wins.
  ///
  /// - Throws: ``JSONFault`` if it is of another type.
  package mutating func metadata(_ name: StaticString) throws -> JSONObject? {
    guard try find(name) else { return nil }
    let object = try readNull() ? JSONObject() : readObject()
    try endField()
    return object.isEmpty ? nil : object
  }
}
