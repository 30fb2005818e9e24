/// A request to a route that the SDK has no method for.
///
/// Under `/api/v1/auth/` its body and answer are taken to hold passwords or tokens, as in ``AuthService``.
public struct APIRequest: Sendable {
  /// Which credential a request carries.
  public struct Credential: Sendable, Hashable {
    let choice: Credentials.Choice
    /// None.
    public static let none = Credential(choice: .none)
    /// The API key if there is one, else the access token.
    public static let server = Credential(choice: .server)
    /// The access token if there is one, else the API key.
    public static let session = Credential(choice: .session)
  }

  /// The method, such as `GET`.
  public var method: String
  /// The path behind the base URL's prefix, already percent-encoded: it starts with exactly one slash and holds
  /// neither query nor dot segments.
  public var path: String
  /// The query, in order, not yet encoded.
  public var query: [(name: String, value: String)]
  /// The body, sent as JSON.
  public var body: JSONValue?
  /// The credential.
  public var credential: Credential
  /// Whether the service may receive the request more than once, so that a lost answer may be asked for again.
  public var mayBeReplayed: Bool

  /// Makes a request; it carries the server credential and is not replayed, if not said otherwise.
  public init(
    method: String = "GET", path: String, query: [(name: String, value: String)] = [], body: JSONValue? = nil,
    credential: Credential = .server, mayBeReplayed: Bool = false
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.credential = credential
    self.mayBeReplayed = mayBeReplayed
  }

  /// - Throws: ``PlystraError`` of kind `invalidRequest`.
  func endpoint() throws -> Endpoint {
    guard HeaderSyntax.isName(method) else { throw Self.refusal("method", "it is not an HTTP method") }
    try Self.validate(path: path)
    let bytes = try body.map { try RequestBody.bytes(of: $0, operation: Self.operation, field: "body") }
    let query = PathSegment.encodeQuery(query)
    return Endpoint(
      operation: Self.operation, method: method.uppercased(),
      target: query.isEmpty ? path : "\(path)?\(query)",
      body: bytes, credential: credential.choice, isReplayable: mayBeReplayed, secrets: secrets)
  }

  /// The passwords and tokens of a request to the routes that take or answer them; nil for other routes.
  private var secrets: [Secret]? {
    guard path.hasPrefix("/api/v1/auth/") else { return nil }
    let fields = body?.objectValue?.filter { $0.key.contains("password") || $0.key.contains("token") }
    return fields?.compactMap { $0.value.stringValue.map { Secret($0) } } ?? []
  }

  private static let operation = "request"

  private static func refusal(_ field: String, _ message: String) -> PlystraError {
    .invalidRequest(field, message, operation: operation)
  }

  /// Refuses what could lead a credential away from the client's base URL, or be read differently on the way.
  private static func validate(path: String) throws {
    guard path.hasPrefix("/"), !path.hasPrefix("//") else {
      throw refusal("path", "it must start with exactly one slash; an absolute URL is not accepted")
    }
    guard !path.contains("?"), !path.contains("#") else {
      throw refusal(
        "path", "it holds a '?' or '#'; give the query as `query`, or percent-encode the character")
    }
    guard PathSegment.isPath(path) else {
      throw refusal("path", "it holds a character that no path may hold; percent-encode it")
    }
    guard PathSegment.isEncoded(path) else {
      throw refusal("path", "it holds a '%' that is not followed by two hexadecimal digits")
    }
    guard !path.split(separator: "/").contains(where: PathSegment.isDots) else {
      throw refusal("path", "it holds a '.' or '..' segment; write the path it means")
    }
  }
}

extension APIRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method and path; never the values of query and body, which may hold credentials.
  public var description: String {
    var text = "\(OneLine.text(method)) \(OneLine.text(path))"
    if !query.isEmpty { text += ", query of \(query.count) field\(query.count == 1 ? "" : "s")" }
    if body != nil { text += ", with a body" }
    return text
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The answer to an ``APIRequest``.
public struct APIResponse<Value: Sendable>: Sendable {
  /// What the envelope holds as `data`.
  public let data: Value
  /// The HTTP status, 200…299.
  public let status: Int
  /// The header fields.
  public let headers: TransportHeaders
  /// The most elements on the page, if `data` is a list and the service said.
  public let limit: Int?
  /// Where the page ends, if the service offers paging.
  public let cursor: String?
  /// Whether there are more elements behind the page.
  public let hasMore: Bool
  /// The id of the call.
  public let requestID: String
}
