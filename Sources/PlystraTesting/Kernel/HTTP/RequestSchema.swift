import PlystraCore

/// Which fields an object of a request may have, and of which type each is.
///
/// As in the service, `null` counts as absent, keys are matched exactly, and any other field is refused at every
/// depth, except inside a free object such as `metadata`.
struct RequestSchema: Sendable {
  /// What a field holds.
  indirect enum FieldType: Sendable {
    case string
    case boolean
    /// Any object, unchecked inside.
    case freeObject
    case object(RequestSchema)
    case array(of: RequestSchema)
  }

  private let fields: [String: FieldType]

  init(_ fields: [String: FieldType]) { self.fields = fields }

  /// A schema of optional strings.
  init(strings names: String..., others: [String: FieldType] = [:]) {
    fields = others.merging(names.map { ($0, .string) }) { other, _ in other }
  }

  /// Reads a request body that must be one object of this schema.
  func object(parsing body: [UInt8]) throws(KernelFailure) -> JSONObject {
    guard body.count <= Self.maximumBodyBytes else {
      throw .body("http: request body too large: at most \(Self.maximumBodyBytes) bytes are read")
    }
    // A byte order mark is not JSON (RFC 8259 §8.1), whatever a lenient reader may say.
    guard !body.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw .body("the body starts with a byte order mark")
    }
    let value: JSONValue
    do { value = try JSONValue(parsing: body) } catch { throw .body(String(describing: error)) }
    guard case .object(let object) = value else { throw .body("expected an object, found \(value.kindName)") }
    try check(object, at: "")
    return object
  }

  private static let maximumBodyBytes = 1 << 20

  private func check(_ object: JSONObject, at path: String) throws(KernelFailure) {
    for (key, value) in object {
      let place = path.isEmpty ? key : "\(path).\(key)"
      guard let type = fields[key] else { throw .body("unknown field \"\(place.prefix(200))\"") }
      switch (type, value) {
      case (_, .null), (.string, .string), (.boolean, .bool), (.freeObject, .object): break
      case (.object(let schema), .object(let inner)): try schema.check(inner, at: place)
      case (.array(let schema), .array(let elements)): try schema.check(elements, at: place)
      default: throw .body("\(place): expected \(type.name), found \(value.kindName)")
      }
    }
  }

  private func check(_ elements: [JSONValue], at path: String) throws(KernelFailure) {
    for (index, element) in elements.enumerated() {
      switch element {
      case .null: break
      case .object(let object): try check(object, at: "\(path)[\(index)]")
      default: throw .body("\(path)[\(index)]: expected an object, found \(element.kindName)")
      }
    }
  }
}

extension RequestSchema.FieldType {
  fileprivate var name: String {
    switch self {
    case .string: "a string"
    case .boolean: "a boolean"
    case .freeObject, .object: "an object"
    case .array: "an array"
    }
  }
}

extension JSONValue {
  /// What kind of value this is, in words.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONObject {
  /// The string under a key that a schema has checked; `""` if it is absent or null.
  func text(_ key: String) -> String { self[key]?.stringValue ?? "" }
}
