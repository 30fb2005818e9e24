/// Lets a model be `Codable` under the key names and with the strictness of the wire: it passes through
/// ``JSONValue``, so that a stored decision is judged again exactly as a received one.
extension WireModel {
  /// Reads the model from what any decoder holds.
  init(bridging decoder: any Decoder) throws {
    let bytes = try JSONValue(from: decoder).serialized()
    do {
      try self.init(parsing: bytes)
    } catch let error as JSONError {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// Writes the model to any encoder.
  func bridge(to encoder: any Encoder) throws {
    do {
      try JSONValue(parsing: serialized()).encode(to: encoder)
    } catch let error as JSONError {
      throw EncodingError.invalidValue(
        Self.self,
        .init(codingPath: encoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }
}
