/// A value of any kind as the bytes it was read from, found to be right.
package struct RawJSON: WireValue {
  /// One JSON value without white space around it.
  package let bytes: [UInt8]

  package static func read(from reader: inout JSONReader) throws -> RawJSON {
    RawJSON(bytes: try reader.readBytes())
  }
  package func write(to writer: inout JSONWriter) throws { try writer.write(JSONValue(parsing: bytes)) }
}

extension JSONReader {
  /// Consumes one value of any kind, as strictly as if it were read, and returns its bytes.
  fileprivate mutating func readBytes() throws -> [UInt8] {
    _ = try peek()
    let start = position
    try skipValue()
    return Array(UnsafeBufferPointer(start: base + start, count: position - start))
  }
}
