/// The credentials of a client, or of an attempt.
struct Credentials: Sendable {
  var apiKey: Secret?
  var accessToken: Secret?
  /// Which of the session's access tokens it is, if it is a session's.
  var generation: Int?

  /// Which credential a call carries (contract §1).
  enum Choice: Sendable {
    /// None, ever.
    case none
    /// The API key if there is one, else the access token.
    case server
    /// The access token; the API key if there never was one.
    case session
  }

  /// The header field of a choice, or nil if there is no credential.
  func header(for choice: Choice) -> TransportHeaders.Field? {
    switch choice {
    case .none: nil
    case .server: keyField ?? tokenField
    case .session: tokenField ?? keyField
    }
  }

  private var keyField: TransportHeaders.Field? {
    apiKey.map { key in TransportHeaders.Field(name: "X-Plystra-API-Key", value: key.withExposedValue { $0 })
    }
  }

  private var tokenField: TransportHeaders.Field? {
    accessToken.map { token in
      TransportHeaders.Field(name: "Authorization", value: token.withExposedValue { "Bearer \($0)" })
    }
  }

  /// All of them, to be masked wherever a server might echo them.
  var secrets: [Secret] { [apiKey, accessToken].compactMap { $0 } }

  /// Accepts what fits into a header field unchanged.
  ///
  /// - Throws: ``PlystraError`` of kind `credentials`, which names the field and never the value.
  static func validated(_ secret: Secret, field: String) throws -> Secret {
    try secret.withExposedValue { value in
      guard !value.isEmpty else {
        throw PlystraError.credentials(field, "it is empty; is the environment variable set?")
      }
      guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw PlystraError.credentials(
          field, "it holds a space, line end, control or non-ASCII character; trim what was read from a file")
      }
    }
    return secret
  }
}
