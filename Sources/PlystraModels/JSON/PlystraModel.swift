/// A model of the service, which is stored under the names, and read with the strictness, of a response.
///
/// Only types of this library conform to it. Of a key that appears twice Foundation's `JSONDecoder` keeps the first,
/// where a response is refused.
public protocol PlystraModel: Sendable, Hashable, Codable {}

extension PlystraModel {
  /// Reads a stored value.
  ///
  /// - Throws: `DecodingError` for what would be refused in a response.
  public init(from decoder: any Decoder) throws {
    let bytes = try JSONValue(from: decoder).serialized()
    do {
      guard let model = try (Self.self as? any WireValue.Type)?.init(parsing: bytes) as? Self else {
        throw JSONError(reason: "\(Self.self) is not a model of this library", offset: 0)
      }
      self = model
    } catch let error as JSONError {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// Stores the value.
  ///
  /// - Throws: `EncodingError` for what JSON cannot express, such as a number that is not finite.
  public func encode(to encoder: any Encoder) throws {
    do {
      guard let model = self as? any WireValue else {
        throw JSONError(reason: "\(Self.self) is not a model of this library", offset: 0)
      }
      try JSONValue(parsing: model.serialized()).encode(to: encoder)
    } catch let error as JSONError {
      // The type instead of the value, which an error must not show.
      throw EncodingError.invalidValue(
        Self.self,
        .init(codingPath: encoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }
}
