import PlystraCore
import TestSupport
import Testing

/// A call that stands for its class in the rows of the fault matrix.
struct FaultCall: Sendable, CustomTestStringConvertible {
  /// Reads and decisions may arrive more than once without harm, writes may not.
  enum Class: Sendable { case read, decision, write }

  let operation: String
  let `class`: Class
  /// The sample body of its answer.
  let fixture: String
  /// Makes the call, and says whether it was allowed, if it asks that.
  let run: @Sendable (PlystraClient) async throws -> Bool?

  var isReplayable: Bool { `class` != .write }
  var testDescription: String { operation }
  /// The bytes of a right answer, the last of which closes its envelope.
  var answer: [UInt8] {
    get throws {
      let body = try Fixtures.body(fixture)
      return body.last == UInt8(ascii: "\n") ? body.dropLast() : body
    }
  }

  /// How many attempts there are if each fails in a way that another may mend.
  var attemptsIfReplayed: Int { isReplayable ? 3 : 1 }

  /// A read, a decision, and both kinds of writes.
  static let all = [version, check, refresh, request]

  static let version = FaultCall(operation: "system.version", class: .read, fixture: "version") {
    _ = try await $0.system.version()
    return nil
  }

  static let check = FaultCall(operation: "authz.check", class: .decision, fixture: "authz-check.allow") {
    try await $0.authz.check(question).isAllowed
  }

  static let explain = FaultCall(operation: "authz.explain", class: .decision, fixture: "authz-explain.allow")
  {
    try await $0.authz.explain(question).isAllowed
  }

  static let refresh = FaultCall(operation: "auth.refresh", class: .write, fixture: "auth-refresh") {
    _ = try await $0.auth.refresh(refreshToken: Canary.refreshToken)
    return nil
  }

  static let request = FaultCall(operation: "request", class: .write, fixture: "health") {
    _ = try await $0.request(APIRequest(method: "POST", path: "/api/v1/things", body: ["name": "thing"]))
    return nil
  }

  static let question = AuthorizationRequest(
    actor: ActorContext(
      userID: "user_external_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      userMemberID: "binding_external_alice_finance"),
    resource: ResourceContext(type: "invoice", id: "invoice_001"), action: "approve")
}

extension FaultCall {
  /// Every documented call that reads an answer.
  static let documented =
    all + [explain]
    + [
      reading("system.health") { try await $0.system.health() },
      reading("system.ready") { try await $0.system.ready() },
      reading("system.capabilities") { try await $0.system.capabilities() },
      reading("actor.context") { try await $0.actor.context() },
      reading("resourceTypes.list") { try await $0.resourceTypes.list() },
      reading("audit.list") { try await $0.audit.list() },
      reading("audit.get") { try await $0.audit.get("audit_1") },
      writing("auth.register") {
        try await $0.auth.register(
          RegistrationRequest(email: "a@example.com", password: Secret(Canary.password)))
      },
      writing("auth.login") { try await $0.auth.login(email: "a@example.com", password: Canary.password) },
      writing("auth.logout") { try await $0.auth.logout(refreshToken: Canary.refreshToken) },
      writing("actor.switchMember") { try await $0.actor.switchMember(memberID: "m1") },
    ]

  /// The calls that answer a list.
  static let lists = documented.filter {
    ["system.capabilities", "resourceTypes.list", "audit.list"].contains($0.operation)
  }

  private static func reading(
    _ operation: String, _ run: @escaping @Sendable (PlystraClient) async throws -> some Sendable
  ) -> FaultCall {
    FaultCall(operation: operation, class: .read, fixture: "health") {
      _ = try await run($0)
      return nil
    }
  }

  private static func writing(
    _ operation: String, _ run: @escaping @Sendable (PlystraClient) async throws -> some Sendable
  ) -> FaultCall {
    FaultCall(operation: operation, class: .write, fixture: "health") {
      _ = try await run($0)
      return nil
    }
  }
}
