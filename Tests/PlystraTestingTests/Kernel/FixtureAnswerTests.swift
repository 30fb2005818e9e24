import Foundation
import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// The kernel's answers are those of the sample bodies byte for byte, given the same ids, tokens and moment.
@Suite struct FixtureAnswerTests {
  private static let digits = "9f1c2e4b7a6d5c30"
  private static let accessDigits = String(repeating: "a1", count: 32)
  private static let refreshDigits = String(repeating: "b2", count: 32)

  /// A kernel whose random digits are these, in this order.
  private func kernel(_ seed: KernelSeed = .demo, digits: [String] = []) throws -> InMemoryKernel {
    let start = try #require(Timestamp.date(from: "2026-05-06T00:00:00Z"))
    let left = Locked(digits)
    return InMemoryKernel(seed: seed, now: { start }) { count in
      left.withLock { $0.isEmpty ? String(repeating: "0", count: count) : $0.removeFirst() }
    }
  }

  private func answer(
    _ kernel: InMemoryKernel, _ method: String, _ path: String, body: [UInt8]? = nil,
    headers: TransportHeaders = ["X-Plystra-API-Key": "ply_kernel_secret"]
  ) -> TransportResponse {
    var headers = headers
    headers["X-Request-ID"] = "req_01hzyj6b6q8"
    headers["User-Agent"] = "plystra-swift/0.1.0"
    let request = TransportRequest(method: method, url: "/api/v1/\(path)", headers: headers, body: body)
    return kernel.respond(to: request, remoteAddress: "127.0.0.1")
  }

  private func expectBody(
    _ response: TransportResponse, _ fixture: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = String(decoding: try Fixtures.body(fixture), as: UTF8.self)
    #expect(
      String(decoding: response.body, as: UTF8.self) == expected.trimmingCharacters(in: .newlines),
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("health", "health"), ("ready", "ready"), ("version", "version"), ("capabilities", "capabilities"),
  ])
  func systemAnswers(path: String, fixture: String) throws {
    let response = answer(try kernel(), "GET", path)
    #expect(response.status == 200)
    try expectBody(response, fixture)
  }

  @Test func explainAndAuditDetail() throws {
    let kernel = try kernel(digits: [Self.digits])
    let explained = answer(kernel, "POST", "authz/explain", body: try Fixtures.body("authz-request"))
    try expectBody(explained, "authz-explain.allow")
    try expectBody(answer(kernel, "GET", "audit/logs/audit_\(Self.digits)"), "audit-detail")
  }

  @Test func checkAllowed() throws {
    var request = try #require(JSONValue(parsing: Fixtures.body("authz-request")).objectValue)
    request["explain"] = nil
    let body = JSONValue.object(request).serialized()
    try expectBody(
      answer(try kernel(digits: [Self.digits]), "POST", "authz/check", body: body), "authz-check.allow")
  }

  @Test func checkDenied() throws {
    let body = #"""
      {"actor":{"user_id":"user_external_alice","member_id":"member_finance_reviewer",
      "binding_id":"binding_external_alice_finance","space_id":"space_acme"},
      "resource":{"type":"invoice","external_id":"invoice_001","space_id":"space_acme",
      "group_path":"legal.emea"},"action":"approve",
      "grants":[{"scope":"group_tree","scope_anchor_group_path":"finance"}]}
      """#
    try expectBody(
      answer(try kernel(digits: [Self.digits]), "POST", "authz/check", body: Array(body.utf8)),
      "authz-check.deny")
  }

  @Test func explainUnregistered() throws {
    var seed = KernelSeed.demo
    seed.resourceTypes = []
    let kernel = try kernel(seed, digits: [Self.digits])
    let response = answer(kernel, "POST", "authz/explain", body: try Fixtures.body("authz-request"))
    try expectBody(response, "authz-explain.unregistered")
  }

  @Test func sessionAnswers() throws {
    let kernel = try kernel(digits: ["1", Self.accessDigits, Self.refreshDigits])
    let login = Array(#"{"email":"alice@example.com","password":"plystra-demo"}"#.utf8)
    try expectBody(answer(kernel, "POST", "auth/login", body: login, headers: [:]), "auth-login")
    let bearer: TransportHeaders = ["Authorization": "Bearer ply_at_\(Self.accessDigits)"]
    try expectBody(answer(kernel, "GET", "actor/context", headers: bearer), "actor-context")
    let choice = Array(#"{"member_id":"member_finance_reviewer"}"#.utf8)
    try expectBody(
      answer(kernel, "POST", "actor/switch-member", body: choice, headers: bearer), "actor-switch-member")
    let token = Array(#"{"refresh_token":"ply_rt_\#(Self.refreshDigits)"}"#.utf8)
    try expectBody(answer(kernel, "POST", "auth/logout", body: token, headers: [:]), "auth-logout")
    try expectBody(
      answer(kernel, "POST", "auth/refresh", body: token, headers: [:]), "error.401.session-expired")
  }

  @Test func refreshAnswer() throws {
    let kernel = try kernel(digits: ["1", "old", "token", Self.accessDigits, Self.refreshDigits])
    let login = Array(#"{"email":"alice@example.com","password":"plystra-demo"}"#.utf8)
    #expect(answer(kernel, "POST", "auth/login", body: login).status == 200)
    let body = Array(#"{"refresh_token":"ply_rt_token"}"#.utf8)
    try expectBody(answer(kernel, "POST", "auth/refresh", body: body), "auth-refresh")
  }

  @Test func registerAnswer() throws {
    var seed = KernelSeed.demo
    seed.registration = .open
    let kernel = try kernel(
      seed, digits: ["founder", "founder", "founder", "1", Self.accessDigits, Self.refreshDigits, "1"])
    let body = #"""
      {"email":" Founder@Example.com","password":"correct horse battery","space_name":"Founder Space",
      "member_display_name":"Founder"}
      """#
    let response = answer(kernel, "POST", "auth/register", body: Array(body.utf8), headers: [:])
    #expect(response.status == 201)
    try expectBody(response, "auth-register")
  }

  @Test func errorAnswers() throws {
    let kernel = try kernel()
    try expectBody(answer(kernel, "GET", "audit/logs", headers: [:]), "error.401")
    let login = Array(#"{"email":"bob@example.com","password":"plystra-demo"}"#.utf8)
    let session = try JSONValue(parsing: answer(kernel, "POST", "auth/login", body: login).body)
    let token = try #require(session["data"]?["access_token"]?.stringValue)
    let bearer: TransportHeaders = ["Authorization": "Bearer \(token)"]
    try expectBody(answer(kernel, "GET", "audit/logs", headers: bearer), "error.403")
    let wrong = Array(#"{"email":"bob@example.com","password":"wrong"}"#.utf8)
    for _ in 1...7 { #expect(answer(kernel, "POST", "auth/login", body: wrong).status == 401) }
    try expectBody(answer(kernel, "POST", "auth/login", body: wrong), "error.429")
  }

  @Test func listAnswers() throws {
    var seed = KernelSeed.demo
    seed.resourceTypes = [KernelSeed.ResourceType(key: "invoice", actions: [])]
    let types = try JSONValue(parsing: Fixtures.body("resource-types"))
    let response = try JSONValue(parsing: answer(try kernel(seed), "GET", "resource-types").body)
    #expect(response["data"]?[0]?.serialized() == types["data"]?[0]?.serialized())
    #expect(response["pagination"]?.serialized() == types["pagination"]?.serialized())

    let kernel = try kernel(digits: [Self.digits])
    #expect(
      answer(kernel, "POST", "authz/check", body: try Fixtures.body("authz-request")).status == 200)
    let rows = try JSONValue(parsing: answer(kernel, "GET", "audit/logs").body)
    let sample = try JSONValue(parsing: Fixtures.body("audit-list.200"))
    #expect(rows["data"]?[0]?.objectValue?.keys == sample["data"]?[0]?.objectValue?.keys)
    #expect(rows.objectValue?.keys == sample.objectValue?.keys)
  }
}
