public import PlystraCore

/// What a recording hides beyond what it always hides: credentials, cookies, passwords, tokens, telephone numbers and
/// e-mail addresses, wherever they stand, and all that looks like a credential of Plystra or like a JSON Web Token.
///
/// ```swift
/// let redaction = Redaction(fields: ["tax_number"], headers: ["X-Customer"])
/// ```
///
/// A fixture that was recorded with a redaction is replayed with the same one.
public struct Redaction: Sendable {
  /// Names of fields of JSON bodies and of query items whose values are hidden, at any depth. Case, `_` and `-` make
  /// no difference.
  public var fields: [String]
  /// Names of header fields whose values are hidden.
  public var headers: [String]
  /// Texts that are hidden wherever they are: six bytes or more, since shorter ones are found in ordinary words. In
  /// another letter case they are found if they have eight bytes or more.
  public var secrets: [Secret]

  /// Hides what is given, and what is always hidden.
  public init(fields: [String] = [], headers: [String] = [], secrets: [Secret] = []) {
    self.fields = fields
    self.headers = headers
    self.secrets = secrets
  }
}
