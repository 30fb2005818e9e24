import PlystraCore

/// Tells by the name of a field or header what sort of secret its value is.
struct SecretNames: Sendable {
  /// What stands in a placeholder for a secret's sort.
  enum Kind {
    static let accessToken = "access_token"
    static let refreshToken = "refresh_token"
    static let apiKey = "api_key"
    static let password = "password"
    static let token = "token"
    static let cookie = "cookie"
    static let credential = "credential"
    static let header = "header"
    static let email = "email"
    static let phone = "phone"
    static let custom = "custom"
  }

  /// Names, or parts of them, without case and separators; the first that fits says the sort.
  private static let exactNames = [
    "apikey": Kind.apiKey, "authorization": Kind.credential, "proxyauthorization": Kind.credential,
    "cookie": Kind.cookie, "jwt": Kind.token,
    "passwd": Kind.password, "passphrase": Kind.password, "pwd": Kind.password, "bearer": Kind.credential,
  ]
  private static let parts: [(part: String, kind: String)] = [
    ("password", Kind.password), ("accesstoken", Kind.accessToken), ("refreshtoken", Kind.refreshToken),
    ("apikey", Kind.apiKey), ("credential", Kind.credential), ("secret", Kind.credential),
    ("privatekey", Kind.credential), ("signingkey", Kind.credential),
  ]
  private static let personalParts: [(part: String, kind: String)] = [
    ("email", Kind.email), ("phone", Kind.phone),
  ]
  private static let endings = ["token", "tokens"]

  private let customFields: Set<String>
  private let customHeaders: Set<String>
  /// Whether e-mail addresses and telephone numbers are secrets too.
  let includesPersonalData: Bool

  init(_ redaction: Redaction, includesPersonalData: Bool) {
    customFields = Set(redaction.fields.map(Self.plain))
    customHeaders = Set(redaction.headers.map { $0.lowercased() })
    self.includesPersonalData = includesPersonalData
  }

  /// The sort of secret that a field of a body or a query holds, or nil if it holds none.
  func kind(ofField name: String) -> String? {
    let plain = Self.plain(name)
    if customFields.contains(plain) { return Kind.custom }
    if let kind = Self.exactNames[plain] { return kind }
    if let found = Self.parts.first(where: { plain.contains($0.part) }) { return found.kind }
    if Self.endings.contains(where: plain.hasSuffix) { return Kind.token }
    guard includesPersonalData else { return nil }
    return Self.personalParts.first { plain.contains($0.part) }?.kind
  }

  /// The sort of secret that a header holds, or nil if it holds none.
  func kind(ofHeader name: String) -> String? {
    if customHeaders.contains(name.lowercased()) { return Kind.custom }
    if let kind = kind(ofField: name) { return kind }
    return TransportHeaders.isSensitive(name) ? Kind.header : nil
  }

  /// A name as names are compared.
  private static func plain(_ name: String) -> String {
    String(decoding: name.utf8.filter { $0 != 0x5F && $0 != 0x2D }, as: UTF8.self).lowercased()
  }
}
