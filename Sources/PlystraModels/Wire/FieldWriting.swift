extension JSONWriter: FieldVisitor {
  package var meetsUnshownKeys: Bool { false }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    self.key(key)
    try value.writeInPlace(to: &self)
  }

  @inline(__always)
  package mutating func field<Value: WireModel>(_ key: StaticString, _ value: inout Value) throws {
    self.key(key)
    try value.writeInPlace(to: &self)
  }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    guard value?.isBlank == false else { return }
    self.key(key)
    try value?.writeInPlace(to: &self)
  }

  @inline(__always)
  package mutating func list<Element: WireValue>(_ key: StaticString, _ value: inout [Element]) throws {
    guard !value.isEmpty else { return }
    self.key(key)
    try value.writeInPlace(to: &self)
  }

  @inline(__always)
  package mutating func flag(_ key: StaticString, _ value: inout Bool) throws {
    guard value else { return }
    self.key(key)
    write(value)
  }

  @inline(__always)
  package mutating func required<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    self.key(key)
    try value.writeInPlace(to: &self)
  }

  @inline(__always)
  package mutating func decisive<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    try field(key, &value)
  }

  @inline(__always)
  package mutating func decisiveRequired<Value: WireValue>(
    _ key: StaticString, _ value: inout Value
  ) throws {
    self.key(key)
    try value.writeInPlace(to: &self)
  }
}
