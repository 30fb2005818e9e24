import PlystraCore
import Testing

/// One documented call, and what the wire contract's §1 says of it.
struct CallCase: Sendable, CustomTestStringConvertible {
  /// How the fault matrix treats a call.
  enum Kind: Sendable { case read, decision, write }
  /// Which credential a call carries.
  enum Credential: Sendable { case none, server, session }

  let operation: String
  let kind: Kind
  let method: String
  let target: String
  let credential: Credential
  var body: String?
  /// The sample body of its answer.
  let fixture: String
  let run: @Sendable (PlystraClient) async throws -> any Sendable

  var isReplayable: Bool { kind != .write }
  /// Whether its body or answer holds passwords or tokens.
  var isConfidential: Bool { operation.hasPrefix("auth.") }
  var testDescription: String { operation }

  static let all: [CallCase] = reads + decisions + writes

  static let reads = [
    CallCase(
      operation: "system.health", kind: .read, method: "GET", target: "/api/v1/health", credential: .none,
      fixture: "health"
    ) { try await $0.system.health() },
    CallCase(
      operation: "system.ready", kind: .read, method: "GET", target: "/api/v1/ready", credential: .none,
      fixture: "ready"
    ) { try await $0.system.ready() },
    CallCase(
      operation: "system.version", kind: .read, method: "GET", target: "/api/v1/version", credential: .none,
      fixture: "version"
    ) { try await $0.system.version() },
    CallCase(
      operation: "system.capabilities", kind: .read, method: "GET", target: "/api/v1/capabilities",
      credential: .server, fixture: "capabilities"
    ) { try await $0.system.capabilities() },
    CallCase(
      operation: "actor.context", kind: .read, method: "GET", target: "/api/v1/actor/context",
      credential: .session, fixture: "actor-context"
    ) { try await $0.actor.context() },
    CallCase(
      operation: "resourceTypes.list", kind: .read, method: "GET", target: "/api/v1/resource-types?limit=7",
      credential: .server, fixture: "resource-types"
    ) { try await $0.resourceTypes.list(limit: 7) },
    CallCase(
      operation: "audit.list", kind: .read, method: "GET",
      target: "/api/v1/audit/logs?resource_type=invoice&limit=200", credential: .server,
      fixture: "audit-list.200"
    ) { try await $0.audit.list(AuditQuery(resourceType: "invoice", limit: 200)) },
    CallCase(
      operation: "audit.get", kind: .read, method: "GET",
      target: "/api/v1/audit/logs/audit_9f1c2e4b7a6d5c30", credential: .server, fixture: "audit-detail"
    ) { try await $0.audit.get("audit_9f1c2e4b7a6d5c30") },
  ]

  static let decisions = [
    CallCase(
      operation: "authz.check", kind: .decision, method: "POST", target: "/api/v1/authz/check",
      credential: .server, body: Sample.questionBody, fixture: "authz-check.allow"
    ) { try await $0.authz.check(Sample.question) },
    CallCase(
      operation: "authz.explain", kind: .decision, method: "POST", target: "/api/v1/authz/explain",
      credential: .server, body: Sample.questionBody, fixture: "authz-explain.allow"
    ) { try await $0.authz.explain(Sample.question) },
  ]

  static let writes = [
    CallCase(
      operation: "auth.register", kind: .write, method: "POST", target: "/api/v1/auth/register",
      credential: .none,
      body: #"{"email":"a@example.com","password":"plystra-demo","space_name":"Acme"}"#,
      fixture: "auth-register"
    ) {
      try await $0.auth.register(
        RegistrationRequest(email: "a@example.com", password: "plystra-demo", spaceName: "Acme"))
    },
    CallCase(
      operation: "auth.login", kind: .write, method: "POST", target: "/api/v1/auth/login", credential: .none,
      body: #"{"email":"a@example.com","password":"plystra-demo"}"#, fixture: "auth-login"
    ) { try await $0.auth.login(email: "a@example.com", password: "plystra-demo") },
    CallCase(
      operation: "auth.refresh", kind: .write, method: "POST", target: "/api/v1/auth/refresh",
      credential: .none, body: #"{"refresh_token":"ply_rt_old"}"#, fixture: "auth-refresh"
    ) { try await $0.auth.refresh(refreshToken: "ply_rt_old") },
    CallCase(
      operation: "auth.logout", kind: .write, method: "POST", target: "/api/v1/auth/logout",
      credential: .none, body: #"{"refresh_token":"ply_rt_old"}"#, fixture: "auth-logout"
    ) { try await $0.auth.logout(refreshToken: "ply_rt_old") },
    CallCase(
      operation: "actor.switchMember", kind: .write, method: "POST", target: "/api/v1/actor/switch-member",
      credential: .session, body: #"{"member_id":"m1","user_member_id":"um1"}"#,
      fixture: "actor-switch-member"
    ) { try await $0.actor.switchMember(memberID: "m1", userMemberID: "um1") },
    CallCase(
      operation: "request", kind: .write, method: "PUT", target: "/api/v1/things/a%2Fb?q=x%20%26%20y&q=2",
      credential: .server, body: #"{"name":"thing"}"#, fixture: "health"
    ) {
      try await $0.request(
        APIRequest(
          method: "PUT", path: "/api/v1/things/a%2Fb", query: [("q", "x & y"), ("q", "2")],
          body: ["name": "thing"]))
    },
  ]
}
