import Foundation
import PlystraCore
import PlystraModels
import Testing

@Suite("Open enumerations know their names and keep all others")
struct OpenEnumerationTests {
  @Test("the names on the wire are the contract's")
  func names() {
    #expect([Effect.allow, .deny].map(\.rawValue) == ["allow", "deny"])
    let scopes: [Scope] = [.selfOnly, .group, .groupTree, .space, .global]
    #expect(scopes.map(\.rawValue) == ["self", "group", "group_tree", "space", "global"])
    let denyCodes: [DenyCode] = [
      .actorUserInactive, .actorMemberInactive, .userMemberRevoked, .userMemberExpired, .spaceInactive,
      .crossSpaceViolation, .noMatchingPermission, .scopeAnchorMissing, .targetGroupMissing,
      .scopeOutOfBounds,
      .globalScopeDisabled, .invalidResourceType, .invalidResourceAction,
    ]
    #expect(
      denyCodes.map(\.rawValue) == [
        "ACTOR_USER_INACTIVE", "ACTOR_MEMBER_INACTIVE", "USER_MEMBER_REVOKED", "USER_MEMBER_EXPIRED",
        "SPACE_INACTIVE", "CROSS_SPACE_VIOLATION", "NO_MATCHING_PERMISSION", "SCOPE_ANCHOR_MISSING",
        "TARGET_GROUP_MISSING", "SCOPE_OUT_OF_BOUNDS", "GLOBAL_SCOPE_DISABLED", "INVALID_RESOURCE_TYPE",
        "INVALID_RESOURCE_ACTION",
      ])
    let errorCodes: [ErrorCode] = [
      .validationFailed, .authenticationRequired, .sessionExpired, .adminPermissionRequired,
      .inlineContextRequiresAPIKey, .activeMemberRequired, .actorUserInactive, .authorizationDenied,
      .auditLogNotFound, .featureDisabled, .methodNotAllowed, .authRateLimited, .internalError, .notReady,
      .httpError, .sessionUncertain, .invalidJSONResponse,
    ]
    #expect(
      errorCodes.map(\.rawValue) == [
        "VALIDATION_FAILED", "AUTHENTICATION_REQUIRED", "SESSION_EXPIRED", "ADMIN_PERMISSION_REQUIRED",
        "INLINE_CONTEXT_REQUIRES_API_KEY", "ACTIVE_MEMBER_REQUIRED", "ACTOR_USER_INACTIVE",
        "AUTHORIZATION_DENIED", "AUDIT_LOG_NOT_FOUND", "FEATURE_DISABLED", "METHOD_NOT_ALLOWED",
        "AUTH_RATE_LIMITED", "INTERNAL_ERROR", "NOT_READY", "HTTP_ERROR",
        "SESSION_UNCERTAIN", "INVALID_JSON_RESPONSE",
      ])
  }

  @Test(
    "a name that is not known is kept, compared and printed", arguments: ["", "ALLOW", "maybe", "é", "a b"])
  func unknown(name: String) throws {
    try check(Effect(rawValue: name), name)
    try check(Scope(rawValue: name), name)
    try check(DenyCode(rawValue: name), name)
    try check(ErrorCode(rawValue: name), name)
    #expect(Effect(rawValue: name) != .allow)
  }

  private func check<Value: OpenEnumeration>(_ value: Value, _ name: String) throws {
    #expect(value.rawValue == name)
    #expect("\(value)" == name)
    #expect(value == Value(rawValue: name))
    #expect(Set([value, Value(rawValue: name)]).count == 1)
    #expect(value != Value(rawValue: name + "x"))
    let stored = try JSONEncoder().encode([value])
    #expect(try JSONValue(parsing: stored) == [.string(name)])
    #expect(try JSONDecoder().decode([Value].self, from: stored) == [value])
  }

  @Test("a literal makes one")
  func literal() {
    #expect(Grant(scope: "group_tree").scope == .groupTree)
    #expect(Grant(scope: "planet").scope.rawValue == "planet")
    let code: DenyCode = "NEW_CODE"
    #expect(code != .scopeOutOfBounds && code.rawValue == "NEW_CODE")
  }

  @Test("another type of value is no name")
  func otherTypes() {
    for text in ["5", "null", "true", "[]", "{}"] {
      #expect(failure { _ = try Grant(parsing: "{\"scope\":\(text)}".utf8) }?.path == "scope")
    }
  }
}
