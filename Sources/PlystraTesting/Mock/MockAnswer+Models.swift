public import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// Answers made of the SDK's own models, one for every call.
extension MockAnswer {
  /// A service that is alive, or says otherwise.
  public static func health(_ health: Health = Health(status: "ok")) -> MockAnswer {
    model("health", health)
  }

  /// A service that is ready, or says otherwise. One that is starting up is `.error(.notReady)`.
  public static func ready(_ readiness: Readiness = Readiness(status: "ready")) -> MockAnswer {
    model("readiness", readiness)
  }

  /// The service's version.
  public static func version(_ version: ServerVersion) -> MockAnswer { model("version", version) }

  /// What the service can do.
  public static func capabilities(_ capabilities: [Capability]) -> MockAnswer {
    list("capabilities", ResultPage(items: capabilities))
  }

  /// The registered types of resources.
  public static func resourceTypes(_ types: [ResourceType]) -> MockAnswer {
    list("resource types", ResultPage(items: types))
  }

  /// The session that a login opens.
  public static func session(_ session: UserSession) -> MockAnswer { model("session", session) }

  /// The session that a login of a user opens, with tokens of its own that live as long as the service's.
  public static func session(for userID: String) -> MockAnswer {
    MockAnswer("session of \(userID)") { _, request in
      let hex = RandomHex.digits(32)
      let tokens = TokenPair(
        accessToken: Secret("ply_at_" + hex), refreshToken: Secret("ply_rt_" + hex),
        expiresAt: Date(timeIntervalSinceNow: 15 * 60),
        refreshExpiresAt: Date(timeIntervalSinceNow: 30 * 86_400))
      let session = UserSession(
        tokens: tokens, user: UserAccount(id: userID), actor: ActorIdentity(userID: userID))
      return MockEnvelope(request).success(try wire(session))
    }
  }

  /// The tokens that a refresh gives.
  public static func tokens(_ tokens: TokenPair) -> MockAnswer { model("tokens", tokens) }

  /// What became of a registration.
  public static func registration(_ registration: Registration) -> MockAnswer {
    model("registration", registration, status: 201)
  }

  /// The end of a session.
  public static var loggedOut: MockAnswer { .data(["logged_out": true]) }

  /// Who a session acts as; also what a switch of members answers.
  public static func actor(_ session: ActorSession) -> MockAnswer { model("actor", session) }

  /// Audit rows: all there are, or with a cursor one page of them.
  public static func auditPage(
    _ rows: [AuditLogEntry], limit: Int = 50, cursor: String? = nil
  ) -> MockAnswer {
    list(
      "\(rows.count) audit rows",
      ResultPage(items: rows, limit: limit, cursor: cursor, hasMore: cursor != nil))
  }

  /// One audit row.
  public static func auditEntry(_ row: AuditLogEntry) -> MockAnswer { model("audit row", row) }

  /// An error of the service.
  ///
  /// - Parameters:
  ///   - code: the code, such as `.adminPermissionRequired`.
  ///   - status: the status; that of the code when nil, and 400 for a code that this SDK does not know.
  ///   - message: what the service says.
  ///   - details: anything else that it says.
  ///   - denyCode: why it denied, if it did.
  ///   - retryAfter: how long it asks to wait, rounded up to whole seconds.
  public static func error(
    _ code: ErrorCode, status: Int? = nil, message: String = "The mock answers an error.",
    details: JSONValue = .null, denyCode: DenyCode? = nil, retryAfter: Duration? = nil
  ) -> MockAnswer {
    let status = status ?? code.usualStatus
    return MockAnswer("error \(code)") { _, request in
      var error: JSONObject = [
        "code": .string(code.rawValue), "message": .string(message), "details": details,
      ]
      if let denyCode { error["deny_code"] = .string(denyCode.rawValue) }
      var response = MockEnvelope(request).failure(error, status: status)
      response.headers.add("X-Plystra-Error-Code", code.rawValue)
      if let retryAfter {
        let (seconds, fraction) = retryAfter.components
        response.headers.add("Retry-After", String(seconds + (fraction > 0 ? 1 : 0)))
      }
      return response
    }
  }

  // MARK: Wire

  private static func model(
    _ name: String, _ model: some WireValue, status: Int = 200
  ) -> MockAnswer {
    MockAnswer(name) { _, request in MockEnvelope(request).success(try wire(model), status: status) }
  }

  private static func list(_ name: String, _ page: ResultPage<some WireValue>) -> MockAnswer {
    MockAnswer(name) { _, request in
      var pagination = Pagination()
      pagination.limit = page.limit
      pagination.cursor = page.cursor
      pagination.hasMore = page.hasMore
      return MockEnvelope(request).success(.array(try page.items.map(wire)), page: pagination)
    }
  }

  /// A model as it stands on the wire.
  static func wire(_ model: some WireValue) throws -> JSONValue {
    try JSONValue(parsing: model.serialized())
  }
}

extension ErrorCode {
  /// The status that comes with a code (contract §2).
  fileprivate var usualStatus: Int {
    switch self {
    case .authenticationRequired, .sessionExpired: 401
    case .adminPermissionRequired, .inlineContextRequiresAPIKey, .activeMemberRequired, .actorUserInactive,
      .authorizationDenied:
      403
    case .auditLogNotFound, .featureDisabled: 404
    case .methodNotAllowed: 405
    case .authRateLimited: 429
    case .internalError: 500
    case .notReady: 503
    default: rawValue.hasSuffix("_NOT_FOUND") ? 404 : 400
    }
  }
}
