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
  package mutating func list<Element: WireValue>(_ key: StaticString, _ value: inout [Element]?) throws {
    guard value != nil else { return }
    self.key(key)
    try value?.writeInPlace(to: &self)
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

// A model shows its fields as if they were to be changed, so the writer is given bytes of its own: those of the model,
// without a share in what they refer to. To take a share in each text, and give it back, would take as long as writing
// them.
//
// That is right because the model itself, which the caller holds on to, keeps alive what they refer to; because a
// model's `fields` does nothing but show its fields, and the writer changes none of them; and because the bytes are
// forgotten, not destroyed.
extension JSONWriter {
  mutating func write<Model: WireModel>(borrowing model: borrowing Model) throws {
    try withUnsafePointer(to: model) { try write(modelAt: $0) }
  }

  mutating func write<Model: WireModel>(borrowing models: [Model]) throws {
    beginArray()
    try models.withUnsafeBufferPointer { models in
      guard let first = models.baseAddress else { return }
      for index in models.indices { try write(modelAt: first + index) }
    }
    endArray()
  }

  private mutating func write<Model: WireModel>(modelAt place: UnsafePointer<Model>) throws {
    try withUnsafeTemporaryAllocation(
      byteCount: MemoryLayout<Model>.size, alignment: MemoryLayout<Model>.alignment
    ) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: place, count: MemoryLayout<Model>.size))
      guard let start = bytes.baseAddress else { return }
      try start.assumingMemoryBound(to: Model.self).pointee.writeInPlace(to: &self)
    }
  }
}
