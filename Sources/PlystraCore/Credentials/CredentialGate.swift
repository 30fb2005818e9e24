/// Which credentials a client takes: well-formed ones, that may travel to its base URL.
struct CredentialGate: Sendable {
  let baseURL: BaseURL
  let allowsInsecureHTTP: Bool

  static let plainHTTP =
    "would travel over plain http, where anybody on the way can read it; use https, or set allowsInsecureHTTP"

  /// Whether any credential may travel to the base URL.
  var isOpen: Bool { baseURL.protectsCredentials || allowsInsecureHTTP }

  /// The credential, if the client takes it.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func admit(_ secret: Secret?, field: String) throws -> Secret? {
    try secret.map { try admit($0, field: field) }
  }

  /// The tokens, if the client takes them.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func admit(_ pair: TokenPair?) throws -> TokenPair? { try pair.map { try admit($0) } }

  /// The tokens, if the client takes them.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func admit(_ pair: TokenPair) throws -> TokenPair {
    _ = try admit(pair.accessToken, field: "session.accessToken")
    _ = try admit(pair.refreshToken, field: "session.refreshToken")
    return pair
  }

  private func admit(_ secret: Secret, field: String) throws -> Secret {
    guard isOpen else { throw PlystraError.credentials(field, Self.plainHTTP) }
    return try Credentials.validated(secret, field: field)
  }
}
