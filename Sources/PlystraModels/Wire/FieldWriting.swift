extension JSONWriter: FieldVisitor {
  package static var isReader: Bool { false }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    self.key(key)
    try value.write(to: &self)
  }

  @inline(__always)
  package mutating func field<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    guard let present = value, !present.isBlank else { return }
    self.key(key)
    try present.write(to: &self)
  }

  @inline(__always)
  package mutating func required<Value: WireValue>(_ key: StaticString, _ value: inout Value) throws {
    try field(key, &value)
  }

  @inline(__always)
  package mutating func decisive<Value: WireValue>(_ key: StaticString, _ value: inout Value?) throws {
    try field(key, &value)
  }

  @inline(__always)
  package mutating func decisiveRequired<Value: WireValue>(
    _ key: StaticString, _ value: inout Value
  ) throws {
    try field(key, &value)
  }
}
