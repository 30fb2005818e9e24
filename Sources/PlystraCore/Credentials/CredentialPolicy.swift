/// Which credentials a client accepts: well-formed ones that may travel to its base URL.
struct CredentialPolicy: Sendable {
  let baseURL: BaseURL
  let allowsInsecureHTTP: Bool

  static let plainHTTP =
    "would travel over plain http, where anybody on the way can read it; use https, or set allowsInsecureHTTP"

  /// Whether any credential may travel to the base URL.
  var allowsCredentials: Bool { baseURL.protectsCredentials || allowsInsecureHTTP }

  /// The credential, if the client accepts it.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func validated(_ secret: Secret?, field: String) throws -> Secret? {
    try secret.map { try validated($0, field: field) }
  }

  /// The tokens, if the client accepts them.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func validated(_ tokens: TokenPair?) throws -> TokenPair? { try tokens.map { try validated($0) } }

  /// The tokens, if the client accepts them.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  func validated(_ tokens: TokenPair) throws -> TokenPair {
    _ = try validated(tokens.accessToken, field: "session.accessToken")
    _ = try validated(tokens.refreshToken, field: "session.refreshToken")
    return tokens
  }

  private func validated(_ secret: Secret, field: String) throws -> Secret {
    guard allowsCredentials else { throw PlystraError.credentials(field, Self.plainHTTP) }
    return try Credentials.validated(secret, field: field)
  }
}
