/// A request to a route that the SDK has no method for.
///
/// Under `/api/v1/auth/` its body and response are taken to hold passwords or tokens, as in ``AuthService``, however the
/// path is written; `register`, `login`, `refresh` and `logout` there carry no credential, whatever the request asks for
/// (contract §1). A path that leads there in some ways of reading it only is refused.
public struct APIRequest: Sendable {
  /// Which credential a request carries.
  public struct Credential: Sendable, Hashable {
    let choice: Credentials.Choice
    /// None.
    public static let none = Credential(choice: .none)
    /// The API key if there is one, else the access token.
    public static let server = Credential(choice: .server)
    /// The access token; the API key where there never was an access token. Where one was removed or lost, the request
    /// is refused with an error of kind `credentials`.
    public static let session = Credential(choice: .session)
  }

  /// The method, such as `GET`.
  public var method: String
  /// The path after the base URL's prefix, already percent-encoded: it starts with exactly one slash and holds
  /// neither query nor dot segments.
  public var path: String
  /// The query, in order, not yet encoded.
  public var query: [(name: String, value: String)]
  /// The body, sent as JSON.
  public var body: JSONValue?
  /// The credential.
  public var credential: Credential
  /// Whether the service may receive the request more than once, so that it is sent again after a lost response.
  public var mayBeReplayed: Bool

  /// Makes a request; by default it carries the server credential and is not replayed.
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
    guard let route = RoutePath(path) else {
      throw Self.refusal(
        "path", "some servers read it as a route under /api/v1/auth/, others do not; write it plainly")
    }
    let bytes = try body.map { try RequestBody.bytes(of: $0, operation: Self.operation, field: "body") }
    let query = PathSegment.encodeQuery(query)
    return Endpoint(
      operation: Self.operation, method: method.uppercased(),
      target: query.isEmpty ? path : "\(path)?\(query)",
      body: bytes, credential: route == .signIn ? .none : credential.choice, isReplayable: mayBeReplayed,
      secrets: route == .other ? nil : body.map { Self.secrets(in: $0) } ?? [])
  }

  /// The passwords and tokens of a body.
  private static func secrets(in value: JSONValue, isSecret: Bool = false) -> [Secret] {
    switch value {
    case .string(let text): isSecret ? [Secret(text)] : []
    case .array(let elements): elements.flatMap { secrets(in: $0, isSecret: isSecret) }
    case .object(let members):
      members.flatMap { member in
        let name = member.key.lowercased()
        let isNamed = ["password", "token", "secret"].contains { name.includes($0) }
        return secrets(in: member.value, isSecret: isSecret || isNamed)
      }
    case .null, .bool, .integer, .number: []
    }
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

/// The response to an ``APIRequest``.
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
  /// Whether there are more elements after the page.
  public let hasMore: Bool
  /// The id of the call.
  public let requestID: String
  /// How many times the request was attempted.
  let attempts: Int
}
