/// A credential: an API key, a token or a password.
///
/// It prints as `***` wherever it might be printed, and is not `Codable`, so that it cannot be stored by mistake.
public struct Secret: Sendable {
  private let value: String

  /// Holds a credential.
  public init(_ value: String) { self.value = value }

  /// Whether the credential is the empty text.
  public var isEmpty: Bool { value.isEmpty }

  /// Gives the credential to `body`, which must not let it reach a log.
  public func withExposedValue<Result, Failure: Error>(
    _ body: (String) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(value)
  }
}

extension Secret: Hashable {
  /// Compares in a time that depends on the lengths only.
  public static func == (lhs: Secret, rhs: Secret) -> Bool {
    let left = lhs.value.utf8
    let right = rhs.value.utf8
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
  }

  /// Hashes the credential.
  public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `***`.
  public var description: String { "***" }
  /// `***`.
  public var debugDescription: String { "***" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: WireValue {
  package static func read(from reader: inout JSONReader) throws -> Secret {
    guard let value = try readOptional(from: &reader) else { throw reader.fault("a credential is empty") }
    return value
  }
  package static func readOptional(from reader: inout JSONReader) throws -> Secret? {
    try reader.readText().map { Secret($0) }
  }
  package func write(to writer: inout JSONWriter) { writer.write(value) }
  package var isBlank: Bool { isEmpty }
}
