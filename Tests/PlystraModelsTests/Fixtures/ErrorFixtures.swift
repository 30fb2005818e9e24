import PlystraCore
import PlystraModels
import TestSupport
import Testing

/// The sample bodies of errors.
enum ErrorFixtures {
  static let checks: [String: FixtureCheck] = [
    "error.401": authenticationRequired, "error.401.session-expired": sessionExpired, "error.403": permission,
    "error.403.denied": denied, "error.429": rateLimited, "error.503": notReady,
    "error.meta-request-id": metaRequestID,
  ]

  private static func check(
    _ body: [UInt8], _ code: ErrorCode, _ message: String, _ details: JSONValue
  ) throws -> ErrorEnvelope {
    let error = try ErrorEnvelope(parsing: body)
    #expect(error.text("code") == code.rawValue)
    #expect(error.text("message") == message)
    #expect(error.error?["details"] == details)
    #expect(error.requestID == sampleRequestID)
    // On a 2xx, too, there is an error and no data.
    let envelope = try Envelope<Decision>(parsing: body)
    #expect(envelope.data == nil)
    #expect(envelope.requestID == sampleRequestID)
    return error
  }

  private static func checkNoDecision(_ error: ErrorEnvelope) {
    #expect(
      error.text("deny_code") == nil && error.text("trace_id") == nil && error.text("audit_log_id") == nil)
  }

  @Sendable static func authenticationRequired(_ body: [UInt8]) throws {
    let message = "A valid access token or API key is required."
    checkNoDecision(try check(body, .authenticationRequired, message, nil))
  }

  @Sendable static func sessionExpired(_ body: [UInt8]) throws {
    checkNoDecision(try check(body, .sessionExpired, "Refresh token is invalid or expired.", nil))
  }

  @Sendable static func permission(_ body: [UInt8]) throws {
    let message = "The current user does not have the required admin permission."
    checkNoDecision(try check(body, .adminPermissionRequired, message, ["permission": "audit:read"]))
  }

  @Sendable static func denied(_ body: [UInt8]) throws {
    let error = try check(body, .authorizationDenied, "The action is not allowed.", nil)
    #expect(error.text("deny_code") == DenyCode.scopeOutOfBounds.rawValue)
    #expect(error.text("trace_id") == "trc_9f1c2e4b7a6d5c30")
    #expect(error.text("audit_log_id") == "audit_9f1c2e4b7a6d5c30")
  }

  @Sendable static func rateLimited(_ body: [UInt8]) throws {
    let message = "Too many failed login attempts. Try again later."
    checkNoDecision(try check(body, .authRateLimited, message, ["retry_after_seconds": 900]))
  }

  @Sendable static func notReady(_ body: [UInt8]) throws {
    let details = "dial tcp 127.0.0.1:5432: connect: connection refused"
    checkNoDecision(try check(body, .notReady, "Database is not reachable.", .string(details)))
  }

  @Sendable static func metaRequestID(_ body: [UInt8]) throws {
    checkNoDecision(try check(body, .validationFailed, "Request body is invalid JSON.", []))
  }
}
