extension JSONWriter {
  /// Writes a value of any kind.
  package mutating func write(_ value: JSONValue) throws {
    switch value {
    case .object(let object): try write(object)
    case .array(let elements): try write(elements)
    default: _ = try writeScalar(value)
    }
  }

  package mutating func write(_ object: JSONObject) throws {
    guard depth < JSONReader.maximumDepth else { return try writeDeep(.object(object)) }
    beginObject()
    // By position: neither key nor value need be held on to.
    for index in object.members.indices {
      key(object.members[index].key)
      try write(object.members[index].value)
    }
    endObject()
  }

  private mutating func write(_ elements: [JSONValue]) throws {
    guard depth < JSONReader.maximumDepth else { return try writeDeep(.array(elements)) }
    beginArray()
    for index in elements.indices { try write(elements[index]) }
    endArray()
  }

  /// Writes an object or array that no reader would follow to, unless the writer is strict.
  ///
  /// It keeps those that are open on a list of its own instead of the stack, which a value made by hand might be too deep
  /// for.
  private mutating func writeDeep(_ value: JSONValue) throws {
    var open: [(container: JSONValue, position: Int)] = []
    var container = value
    var position = 0
    try begin(container)
    while true {
      if let nested = try writeScalars(of: container, from: &position) {
        open.append((container, position))
        container = nested
        position = 0
        try begin(container)
      } else {
        end(container)
        guard let outer = open.popLast() else { return }
        (container, position) = outer
      }
    }
  }

  private mutating func begin(_ container: JSONValue) throws {
    try checkDepth()
    if case .object = container { beginObject() } else { beginArray() }
  }

  private mutating func end(_ container: JSONValue) {
    if case .object = container { endObject() } else { endArray() }
  }

  /// Writes what stands in an object or array from a position on, up to an object or array, which is returned.
  private mutating func writeScalars(of container: JSONValue, from position: inout Int) throws -> JSONValue? {
    switch container {
    case .object(let object):
      while position < object.count {
        let member = object[position]
        position += 1
        key(member.key)
        guard try writeScalar(member.value) else { return member.value }
      }
    case .array(let elements):
      while position < elements.count {
        let element = elements[position]
        position += 1
        guard try writeScalar(element) else { return element }
      }
    default: break
    }
    return nil
  }

  /// Writes a value unless it is an object or array, and says whether it did.
  private mutating func writeScalar(_ value: JSONValue) throws -> Bool {
    switch value {
    case .null: writeNull()
    case .bool(let value): write(value)
    case .integer(let value): write(value)
    case .number(let value): try write(value)
    case .string(let value): write(value)
    case .array, .object: return false
    }
    return true
  }
}
