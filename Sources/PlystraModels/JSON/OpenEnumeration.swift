/// A set of names that grows with the service: a value that is not known keeps its name and never fails to read.
public protocol OpenEnumeration: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
where RawValue == String {
  /// Makes a value of its name on the wire.
  init(rawValue: String)
}

extension OpenEnumeration {
  /// The name on the wire, with what does not belong on one line escaped.
  public var description: String { OneLine.text(rawValue) }
  /// Makes a value of its name on the wire.
  public init(stringLiteral value: String) { self.init(rawValue: value) }
}

/// What an open enumeration does on the wire: it is its name.
package protocol WireEnumeration: OpenEnumeration, WireValue {}

extension WireEnumeration {
  package static func read(from reader: inout JSONReader) throws -> Self {
    Self(rawValue: try reader.readString())
  }
  package static func readOptional(from reader: inout JSONReader) throws -> Self? {
    try reader.readText().map(Self.init(rawValue:))
  }
  package func write(to writer: inout JSONWriter) { writer.write(rawValue) }
  package var isBlank: Bool { rawValue.isEmpty }
}
