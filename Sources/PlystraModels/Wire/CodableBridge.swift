/// Lets a model be `Codable` under the key names and with the strictness of the wire: it passes through
/// ``JSONValue``, so that a stored decision is judged again exactly as a received one.
extension WireValue {
  /// Reads the value from what any decoder holds.
  init(bridging decoder: any Decoder) throws {
    let bytes = try JSONValue(from: decoder).serialized()
    do {
      self = try JSONReader.read(bytes) { reader throws in try Self.read(from: &reader) }
    } catch let error as JSONError {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// Writes the value to any encoder.
  func bridge(to encoder: any Encoder) throws {
    do {
      let bytes = try JSONWriter.write { writer throws in try write(to: &writer) }
      try JSONValue(parsing: bytes).encode(to: encoder)
    } catch let error as JSONError {
      throw EncodingError.invalidValue(
        Self.self,
        .init(codingPath: encoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }
}
