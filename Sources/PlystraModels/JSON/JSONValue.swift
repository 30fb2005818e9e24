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

  /// Reads one JSON text strictly (RFC 8259): UTF-8 throughout, nesting of at most 128, nothing behind the value.
  ///
  /// Of a key that stands more than once, the last value wins.
  ///
  /// - Throws: ``JSONError``.
  public init(parsing bytes: some Collection<UInt8>) throws {
    self = try JSONReader.read(bytes) { reader throws in try reader.readValue() }
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

extension JSONReader {
  /// Reads a value of any kind.
  package mutating func readValue() throws -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return .object(try readObject())
    case UInt8(ascii: "["): return .array(try readArray())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try readBool())
    case UInt8(ascii: "n"):
      _ = try readNull()
      return .null
    default:
      return switch try readNumber() {
      case .integer(let value): .integer(value)
      case .double(let value): .number(value)
      }
    }
  }

  private mutating func readArray() throws -> [JSONValue] {
    var elements: [JSONValue] = []
    guard try beginArray() else { return elements }
    elements.reserveCapacity(4)
    repeat { elements.append(try readValue()) } while try nextInArray()
    return elements
  }

  /// Reads an object with any keys.
  package mutating func readObject() throws -> JSONObject {
    var object = JSONObject()
    guard try beginObject() else { return object }
    object.reserveCapacity(4)
    var filter = KeyFilter()
    repeat {
      let range = try scanKey()
      let isNew = filter.insert(base, range)
      let key = string(in: range)
      try expectColon()
      let value = try readValue()
      if isNew { object.append(key, value) } else { object[key] = value }
    } while try nextInObject()
    return object
  }
}

/// Tells most keys that an object has not had yet without looking at those that it had.
private struct KeyFilter {
  /// A bit each for 256 groups of keys.
  private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// Whether no key before was the same for sure.
  ///
  /// `base` must be what the range was scanned in.
  @inline(__always)
  mutating func insert(_ base: UnsafePointer<UInt8>, _ range: JSONStringRange) -> Bool {
    let length = range.end &- range.start
    if range.isEscaped || length == 0 {
      // It may be any key, written otherwise, and any later key may be this one.
      bits = (~0, ~0, ~0, ~0)
      return false
    }
    var mixed = UInt64(length) &<< 32
    mixed |= UInt64(base[range.start]) | UInt64(base[range.start &+ length / 2]) &<< 8
    mixed |= UInt64(base[range.end &- 1]) &<< 16 | UInt64(base[max(range.start, range.end &- 2)]) &<< 24
    mixed = mixed &* 0x9E37_79B9_7F4A_7C15
    let bit: UInt64 = 1 &<< (mixed &>> 58)
    switch mixed &>> 56 & 3 {
    case 0: return Self.insert(bit, into: &bits.0)
    case 1: return Self.insert(bit, into: &bits.1)
    case 2: return Self.insert(bit, into: &bits.2)
    default: return Self.insert(bit, into: &bits.3)
    }
  }

  @inline(__always)
  private static func insert(_ bit: UInt64, into word: inout UInt64) -> Bool {
    let isNew = word & bit == 0
    word |= bit
    return isNew
  }
}
