extension JSONValue: Codable {
  private struct MemberKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads any value, numbers as exactly as the decoder keeps them, and keys, whose order it forgets, sorted.
  public init(from decoder: any Decoder) throws {
    if (try? decoder.container(keyedBy: MemberKey.self)) != nil {
      // As a dictionary, whose keys no decoder renames: they are data, and a deny code must not lose its name.
      let members = try decoder.singleValueContainer().decode([String: JSONValue].self)
      self = .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !container.isAtEnd { elements.append(try container.decode(JSONValue.self)) }
      self = .array(elements)
    } else {
      self = try Self.scalar(from: try decoder.singleValueContainer())
    }
  }

  private static func scalar(from container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .bool(value) }
    if let value = try? container.decode(Int64.self) { return .integer(value) }
    if let value = try? container.decode(Double.self) { return .number(value) }
    return .string(try container.decode(String.self))
  }

  /// Writes the value as the encoder's own null, boolean, number, string, array or object.
  ///
  /// - Throws: `EncodingError` where a value made by hand is nested so deeply that none could be read again.
  public func encode(to encoder: any Encoder) throws {
    guard encoder.codingPath.count <= JSONReader.maximumDepth else {
      throw EncodingError.invalidValue(
        self,
        .init(
          codingPath: encoder.codingPath,
          debugDescription: "nesting is deeper than \(JSONReader.maximumDepth)"))
    }
    switch self {
    case .object(let object):
      // As a dictionary, whose keys no encoder renames.
      var container = encoder.singleValueContainer()
      try container.encode([String: JSONValue](object.map { ($0.key, $0.value) }) { _, last in last })
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    default:
      var container = encoder.singleValueContainer()
      switch self {
      case .bool(let value): try container.encode(value)
      case .integer(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .string(let value): try container.encode(value)
      default: try container.encodeNil()
      }
    }
  }
}

extension JSONObject: Codable {
  /// Reads an object.
  public init(from decoder: any Decoder) throws {
    guard case .object(let object) = try JSONValue(from: decoder) else {
      throw DecodingError.typeMismatch(
        JSONObject.self, .init(codingPath: decoder.codingPath, debugDescription: "expected an object"))
    }
    self = object
  }

  /// Writes the object.
  public func encode(to encoder: any Encoder) throws { try JSONValue.object(self).encode(to: encoder) }
}
