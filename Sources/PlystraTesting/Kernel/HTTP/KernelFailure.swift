import PlystraCore

/// An error answer of the service.
struct KernelFailure: Error {
  var status: Int
  var code: String
  var message: String
  var details: JSONValue = .null
  /// Header fields of this failure alone, such as `Retry-After`.
  var headers: [(name: String, value: String)] = []
}

extension KernelFailure {
  /// 400: the request is malformed; `details` says where and what to do.
  static func validation(_ message: String, details: String? = nil) -> KernelFailure {
    KernelFailure(
      status: 400, code: "VALIDATION_FAILED", message: message,
      details: details.map { .string($0) } ?? .null)
  }

  /// 400: the body is not the JSON that the route takes.
  static func body(_ details: String) -> KernelFailure {
    validation("Request body is invalid JSON.", details: details)
  }

  /// 400: the request for a decision lacks something, or contradicts itself.
  static func authorizationRequest(_ details: String) -> KernelFailure {
    validation("Authorization request is invalid.", details: details)
  }

  /// 401: no credential, or an unknown or ended one.
  static let authenticationRequired = KernelFailure(
    status: 401, code: "AUTHENTICATION_REQUIRED",
    message: "A valid access token or API key is required.")

  /// 401: no session where one is needed.
  static let sessionRequired = KernelFailure(
    status: 401, code: "AUTHENTICATION_REQUIRED", message: "A valid access token is required.")

  /// 401: wrong password, unknown e-mail or inactive user, which the answer does not tell apart.
  static let loginRefused = KernelFailure(
    status: 401, code: "AUTHENTICATION_REQUIRED", message: "Email or password is incorrect.")

  /// 401: a refresh token that is unknown, rotated or ended.
  static let sessionExpired = KernelFailure(
    status: 401, code: "SESSION_EXPIRED", message: "Refresh token is invalid or expired.")

  /// 403: the user or key lacks a permission.
  static func permissionRequired(_ permission: PermissionKey) -> KernelFailure {
    KernelFailure(
      status: 403, code: "ADMIN_PERMISSION_REQUIRED",
      message: "The current user does not have the required admin permission.",
      details: ["permission": .string(permission.rawValue)])
  }

  /// 403: no active binding, or not the user's own.
  static func activeMemberRequired(_ message: String) -> KernelFailure {
    KernelFailure(status: 403, code: "ACTIVE_MEMBER_REQUIRED", message: message)
  }

  /// 403: a session sent what only a server may vouch for.
  static let inlineContextRequiresAPIKey = KernelFailure(
    status: 403, code: "INLINE_CONTEXT_REQUIRES_API_KEY",
    message: "Inline actor, resource, or grant context requires a server-side API key.")

  /// 403: nobody may register.
  static let registrationDisabled = KernelFailure(
    status: 403, code: "REGISTRATION_DISABLED", message: "registration is disabled.")

  /// 404: no audit row of this id.
  static let auditLogNotFound = KernelFailure(
    status: 404, code: "AUDIT_LOG_NOT_FOUND", message: "Resource was not found.")

  /// 405: the path knows one other method only.
  static func methodNotAllowed(allowed: String) -> KernelFailure {
    KernelFailure(
      status: 405, code: "METHOD_NOT_ALLOWED",
      message: "HTTP method is not allowed for this endpoint.", headers: [("Allow", allowed)])
  }

  /// 409: there is such a user already.
  static func userExists(_ field: String) -> KernelFailure {
    KernelFailure(
      status: 409, code: "USER_CREATE_FAILED", message: "Failed to register user.",
      details: .string("\(field) is already in use"))
  }

  /// 429: too many failed logins; try again after so many seconds.
  static func loginLocked(seconds: Int) -> KernelFailure {
    KernelFailure(
      status: 429, code: "AUTH_RATE_LIMITED",
      message: "Too many failed login attempts. Try again later.",
      details: ["retry_after_seconds": .integer(Int64(seconds))],
      headers: [("Retry-After", String(seconds))])
  }

  /// 500: the service does not know what it was asked to judge.
  static func checkFailed(_ details: String) -> KernelFailure {
    KernelFailure(
      status: 500, code: "INTERNAL_ERROR", message: "Authorization check failed.",
      details: .string(details))
  }

  /// 503: starting up.
  static let notReady = KernelFailure(
    status: 503, code: "NOT_READY", message: "Database is not reachable.",
    details: "the kernel was told to be starting up")
}
