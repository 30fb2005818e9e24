/// Any JSON value, exact for every `Int64`.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that fits `Int64`, other than `-0`.
  case integer(Int64)
  /// Any other number, as the nearest `Double`; `-0` is `.number(-0.0)`.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, in the order of its keys.
  case object(JSONObject)

  /// Reads one JSON text strictly (RFC 8259): UTF-8 throughout, nesting of at most 128, nothing after the value.
  ///
  /// Of a key that appears more than once, the last value wins.
  ///
  /// - Throws: ``JSONError``.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { try $0.readValue() }
  }

  /// The value as JSON without white space.
  ///
  /// A `number` that is not finite, which no JSON text can hold, is written as `null`.
  public func serialized() -> [UInt8] { JSONWriter.bytes(of: self) }
}

extension JSONValue {
  /// The string, or nil if this is not one.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }
  /// The boolean, or nil if this is not one.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
  /// The integer, or nil if this is not one.
  public var integerValue: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }
  /// The number as a `Double`, of an integer the nearest one, or nil if this is not a number.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  /// The elements, or nil if this is not an array.
  public var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }
  /// The object, or nil if this is not one.
  public var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The value of a key, or nil if this is not an object or has no such key.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The element at an index, or nil if this is not an array or has no such index.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as JSON on one line: what would start another, or steer a terminal, is escaped.
  public var description: String { OneLine.json(String(decoding: serialized(), as: UTF8.self)) }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object in the order of the literal; of equal keys the last value wins.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

// MARK: Reading

extension JSONValue: WireValue {
  /// Reads a value in which no key appears twice.
  package static func read(from reader: inout JSONReader) throws -> JSONValue {
    try reader.refuseRepeatedKeys()
    return try reader.readValue()
  }

  package func write(to writer: inout JSONWriter) { writer.write(self) }
}

extension JSONObject: WireValue {
  /// Reads an object in which no key appears twice.
  package static func read(from reader: inout JSONReader) throws -> JSONObject {
    try reader.refuseRepeatedKeys()
    return try reader.readObject()
  }

  package func write(to writer: inout JSONWriter) { writer.write(self) }
  package var isBlank: Bool { isEmpty }
}

extension JSONReader {
  /// Checks the value that is next, without reading it.
  fileprivate mutating func refuseRepeatedKeys() throws {
    _ = try peek()
    let start = position
    try skipValue(refusingRepeatedKeys: true)
    position = start
  }

  /// Reads a value; of a key that appears more than once, the last value wins.
  package mutating func readValue() throws -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return .object(try readObject())
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try readArray { elements.append(try $0.readValue()) }
      return .array(elements)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try readBool())
    case UInt8(ascii: "n"):
      _ = try readNull()
      return .null
    default: return try readNumber()
    }
  }

  /// Reads an object; of a key that appears more than once, the last value wins.
  package mutating func readObject() throws -> JSONObject {
    var object = JSONObject()
    try readMembers { key, reader in object[reader.string(of: key)] = try reader.readValue() }
    return object
  }
}
