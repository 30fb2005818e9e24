/// The request of a service method, as the contract's §1 describes it.
struct Endpoint: Sendable {
  /// The name of the call, such as `authz.check`.
  let operation: String
  let method: String
  /// The path after the base URL's prefix, encoded, with its query.
  let target: String
  var body: [UInt8]?
  let credential: Credentials.Choice
  /// Whether the call may arrive more than once without harm.
  let isReplayable: Bool
  /// Passwords and tokens in the body or the response: they are masked in errors, and while this is not nil, bodies
  /// are withheld from interceptors.
  var secrets: [Secret]?
  /// Whether only an API key will do, as the service refuses a session.
  var needsAPIKey = false
  /// Whether the response is a decision, which must prove that it belongs to the request.
  var isDecision = false

  /// A read, which may be replayed.
  static func read(
    _ operation: String, _ path: String, query: [(name: String, value: String)] = [],
    credential: Credentials.Choice
  ) -> Endpoint {
    let query = PathSegment.encodeQuery(query)
    return Endpoint(
      operation: operation, method: "GET", target: query.isEmpty ? path : "\(path)?\(query)",
      credential: credential,
      isReplayable: true)
  }

  /// A call with a body.
  static func post(
    _ operation: String, _ path: String, body: [UInt8], credential: Credentials.Choice,
    isReplayable: Bool = false,
    secrets: [Secret]? = nil
  ) -> Endpoint {
    Endpoint(
      operation: operation, method: "POST", target: path, body: body, credential: credential,
      isReplayable: isReplayable, secrets: secrets)
  }
}
