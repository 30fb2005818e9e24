import Foundation
import PlystraCore
import TestSupport
import Testing

@Suite("Arguments that are refused before anything is sent")
struct ArgumentTests {
  /// A call with an argument that must be refused, and the name by which the error must call it.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let operation: String
    let field: String
    let run: @Sendable (PlystraClient) async throws -> any Sendable
    var testDescription: String { "\(operation) \(field)" }
  }

  private static let notANumber = Date(timeIntervalSinceReferenceDate: .nan)

  private static func question(
    _ change: (inout AuthorizationRequest) -> Void
  ) -> AuthorizationRequest {
    var question = Sample.question
    question.resource?.spaceID = "s1"
    change(&question)
    return question
  }

  static let refusals: [Refusal] =
    [Int.min, -1, 0, 201, .max].flatMap { limit in
      [
        Refusal(operation: "resourceTypes.list", field: "limit") {
          try await $0.resourceTypes.list(limit: limit)
        },
        Refusal(operation: "audit.list", field: "limit") {
          try await $0.audit.list(AuditQuery(limit: limit))
        },
      ]
    }
    + ["", ".", ".."].map { id in
      Refusal(operation: "audit.get", field: "id") { try await $0.audit.get(id) }
    }
    + [
      Refusal(operation: "audit.list", field: "createdAtFrom") {
        try await $0.audit.list(AuditQuery(createdAtFrom: notANumber))
      },
      Refusal(operation: "audit.list", field: "createdAtTo") {
        var rows = $0.audit.entries(AuditQuery(createdAtTo: notANumber)).makeAsyncIterator()
        return try await rows.next()
      },
      Refusal(operation: "authz.check", field: "action") {
        try await $0.authz.check(AuthorizationRequest(action: ""))
      },
      Refusal(operation: "authz.explain", field: "action") {
        try await $0.authz.explain(AuthorizationRequest(action: ""))
      },
      Refusal(operation: "authz.check", field: "resource.metadata.a[1].hidden") {
        try await $0.authz.check(
          question { $0.resource?.metadata = ["a": [1, ["hidden": .number(.nan)]]] })
      },
      Refusal(operation: "auth.register", field: "metadata.n") {
        try await $0.auth.register(
          RegistrationRequest(email: "a", password: "hidden", metadata: ["n": .number(-.infinity)]))
      },
      Refusal(operation: "authz.explain", field: "body") {
        try await $0.authz.explain(
          question { $0.resourceID = String(repeating: "hidden", count: 180_000) })
      },
      Refusal(operation: "actor.switchMember", field: "memberID") { try await $0.actor.switchMember() },
      Refusal(operation: "actor.switchMember", field: "memberID") {
        try await $0.actor.switchMember(memberID: "", userMemberID: "")
      },
      Refusal(operation: "auth.register", field: "email") {
        try await $0.auth.register(RegistrationRequest(email: "", password: "hidden"))
      },
      Refusal(operation: "auth.register", field: "password") {
        try await $0.auth.register(RegistrationRequest(email: "a", password: ""))
      },
      Refusal(operation: "auth.login", field: "email") {
        try await $0.auth.login(email: "", password: "hidden")
      },
      Refusal(operation: "auth.login", field: "password") {
        try await $0.auth.login(email: "hidden", password: Secret(""))
      },
      Refusal(operation: "auth.refresh", field: "refreshToken") {
        try await $0.auth.refresh(refreshToken: "")
      },
      Refusal(operation: "auth.logout", field: "refreshToken") {
        try await $0.auth.logout(refreshToken: Secret(""))
      },
    ]

  @Test("with an error that names call and field, and quotes no value", arguments: refusals)
  func refused(refusal: Refusal) async throws {
    let transport = ScriptedTransport()
    let client = try Sample.client(transport)
    let error = try await plystraError { try await refusal.run(client) }
    #expect(error.kind == .invalidRequest)
    #expect(error.operation == refusal.operation)
    #expect(error.message.hasPrefix("\(refusal.field): "))
    #expect(error.attempts == 0)
    #expect(!error.isRetryable)
    #expect(!error.outcomeUnknown)
    #expect(refusal.field.contains("hidden") || !leaks(error, "hidden"))
    #expect(transport.requests.isEmpty)
  }

  @Test("a question of exactly 1 MiB is sent")
  func largestBody() async throws {
    let transport = ScriptedTransport(.allowed)
    let frame = try Self.question { $0.resourceID = "x" }.serialized().count - 1
    let id = String(repeating: "x", count: (1 << 20) - frame)
    _ = try await Sample.client(transport).authz.check(Self.question { $0.resourceID = id })
    #expect(transport.requests.first?.body?.count == 1 << 20)
  }
}
