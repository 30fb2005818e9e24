/// Why the service, or the SDK itself, refused a call (contract §2).
public struct ErrorCode: WireEnumeration {
  /// The name on the wire.
  public let rawValue: String
  /// Makes a code of its name on the wire.
  public init(rawValue: String) { self.rawValue = rawValue }

  // MARK: The service's codes

  /// 400: the request is malformed; a programming error.
  public static let validationFailed = ErrorCode(rawValue: "VALIDATION_FAILED")
  /// 401: no credential, or an unknown or ended one.
  public static let authenticationRequired = ErrorCode(rawValue: "AUTHENTICATION_REQUIRED")
  /// 401: the refresh token is unknown, rotated or ended.
  public static let sessionExpired = ErrorCode(rawValue: "SESSION_EXPIRED")
  /// 403: the user or key lacks the permission that the route needs.
  public static let adminPermissionRequired = ErrorCode(rawValue: "ADMIN_PERMISSION_REQUIRED")
  /// 403: a session sent grants or actor metadata, which only API keys may.
  public static let inlineContextRequiresAPIKey = ErrorCode(rawValue: "INLINE_CONTEXT_REQUIRES_API_KEY")
  /// 403: the session has no active member, or named one that is not its own.
  public static let activeMemberRequired = ErrorCode(rawValue: "ACTIVE_MEMBER_REQUIRED")
  /// 403: the session's user is not active.
  public static let actorUserInactive = ErrorCode(rawValue: "ACTOR_USER_INACTIVE")
  /// 403: the service itself denied the action.
  public static let authorizationDenied = ErrorCode(rawValue: "AUTHORIZATION_DENIED")
  /// 404: no audit row of this id.
  public static let auditLogNotFound = ErrorCode(rawValue: "AUDIT_LOG_NOT_FOUND")
  /// 404: the feature is switched off.
  public static let featureDisabled = ErrorCode(rawValue: "FEATURE_DISABLED")
  /// 405: the path knows other methods only.
  public static let methodNotAllowed = ErrorCode(rawValue: "METHOD_NOT_ALLOWED")
  /// 429: too many failed logins.
  public static let authRateLimited = ErrorCode(rawValue: "AUTH_RATE_LIMITED")
  /// 500: the service failed.
  public static let internalError = ErrorCode(rawValue: "INTERNAL_ERROR")
  /// 503: the service is starting up.
  public static let notReady = ErrorCode(rawValue: "NOT_READY")

  // MARK: The SDK's own codes

  /// An error status whose JSON body carries no code.
  public static let httpError = ErrorCode(rawValue: "HTTP_ERROR")
  /// The answer to a session's refresh was lost, so that its tokens may be dead.
  public static let sessionUncertain = ErrorCode(rawValue: "SESSION_UNCERTAIN")
  /// An error status whose body is not JSON.
  public static let invalidJSONResponse = ErrorCode(rawValue: "INVALID_JSON_RESPONSE")
}
