/// HTTP header fields in the order they were added.
///
/// Names compare without regard to case; a name may occur more than once.
public struct TransportHeaders: Sendable, Hashable {
  /// One header field.
  public struct Field: Sendable, Hashable {
    /// The name as it was written.
    public var name: String
    /// The value, without surrounding white space.
    public var value: String

    /// Makes a field of a name and a value, both taken as they are.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    /// Equal if the names are equal without regard to case and the values are equal exactly.
    public static func == (lhs: Field, rhs: Field) -> Bool {
      TransportHeaders.namesMatch(lhs.name, rhs.name) && lhs.value == rhs.value
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(name.lowercased())
      hasher.combine(value)
    }
  }

  private enum Storage: Sendable {
    case fields([Field])
    /// As they came from a server.
    case unread(HeaderBlock)
  }

  private var storage: Storage

  /// The fields; iterating these is faster than iterating the collection.
  package private(set) var fields: [Field] {
    get {
      switch storage {
      case .fields(let fields): fields
      case .unread(let block): block.fields
      }
    }
    _modify {
      var fields = fields
      // So that the array has one owner, and a change of it copies nothing.
      storage = .fields([])
      defer { storage = .fields(fields) }
      yield &fields
    }
  }

  /// No header fields.
  public init() { storage = .fields([]) }

  /// Header fields in the given order.
  public init(_ fields: some Sequence<(name: String, value: String)>) {
    storage = .fields(fields.map { Field(name: $0.name, value: $0.value) })
  }

  /// These fields.
  package init(fields: [Field]) { storage = .fields(fields) }

  /// The header fields of a response.
  package init(_ block: HeaderBlock) { storage = .unread(block) }

  /// Equal if the fields are equal and in the same order.
  public static func == (lhs: TransportHeaders, rhs: TransportHeaders) -> Bool { lhs.fields == rhs.fields }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }

  /// The value of the first field of this name, or nil.
  ///
  /// Setting replaces every field of the name by one; setting nil removes them all.
  public subscript(name: String) -> String? {
    get { fields.first { Self.namesMatch($0.name, name) }?.value }
    set {
      guard let newValue else { return remove(name) }
      guard let first = fields.firstIndex(where: { Self.namesMatch($0.name, name) }) else {
        return add(name, newValue)
      }
      fields[first].value = newValue
      let later = fields[(first + 1)...].filter { !Self.namesMatch($0.name, name) }
      fields.replaceSubrange((first + 1)..., with: later)
    }
  }

  /// The values of all fields of this name, in order.
  public func values(of name: String) -> [String] {
    fields.filter { Self.namesMatch($0.name, name) }.map(\.value)
  }

  /// Adds a field after the others, keeping those of the same name.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Removes every field of this name.
  public mutating func remove(_ name: String) {
    fields.removeAll { Self.namesMatch($0.name, name) }
  }

  /// Makes room for `count` fields in all, so that adding them allocates once.
  public mutating func reserveCapacity(_ count: Int) { fields.reserveCapacity(count) }

  /// Whether two header names are the same name (RFC 9110 §5.1: ASCII letters match without regard to case).
  static func namesMatch(_ lhs: String, _ rhs: String) -> Bool {
    let left = lhs.utf8
    let right = rhs.utf8
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { $0 == $1 || asciiLowercased($0) == asciiLowercased($1) }
  }

  private static func asciiLowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}

extension TransportHeaders: RandomAccessCollection {
  /// The position of the first field.
  public var startIndex: Int { fields.startIndex }
  /// The position after the last field.
  public var endIndex: Int { fields.endIndex }
  /// The field at a position.
  public subscript(position: Int) -> Field { fields[position] }
}

extension TransportHeaders: ExpressibleByDictionaryLiteral {
  /// Header fields in the order of the literal; a name may occur more than once.
  public init(dictionaryLiteral elements: (String, String)...) {
    storage = .fields(elements.map { Field(name: $0.0, value: $0.1) })
  }
}

extension TransportHeaders {
  /// Names of fields that carry credentials, which only the SDK sets.
  package static let credentialNames = [
    "Authorization", "X-Plystra-API-Key", "Proxy-Authorization", "Cookie", "Set-Cookie",
  ]

  /// Whether a header name is one of them.
  package static func isCredential(_ name: String) -> Bool {
    credentialNames.contains { namesMatch($0, name) }
  }

  /// Parts of the names of fields that gateways and proxies use for credentials of their own.
  private static let sensitiveParts = [
    "auth", "cookie", "credential", "key", "password", "secret", "session", "signature", "token",
  ]

  /// Whether the values of a header name are, or may be, credentials, and are printed as `***`.
  package static func isSensitive(_ name: String) -> Bool {
    let name = name.lowercased()
    return sensitiveParts.contains { name.includes($0) }
  }
}

extension TransportHeaders.Field: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `Name: value`, with `***` for the value of a credential, or of what may be one by its name.
  public var description: String {
    "\(OneLine.text(name)): \(TransportHeaders.isSensitive(name) ? "***" : OneLine.text(value))"
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension TransportHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The fields, separated by commas, with `***` for credentials.
  public var description: String { "[" + fields.map(\.description).joined(separator: ", ") + "]" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// The fields, with `***` for credentials.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: fields, displayStyle: .collection) }
}
