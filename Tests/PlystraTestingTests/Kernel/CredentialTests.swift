import PlystraCore
import PlystraTesting
import Testing

/// Who may call which route (contract §1 and §7).
@Suite struct CredentialTests {
  static let serverRoutes = [
    ("GET", "capabilities", "capabilities:read"), ("GET", "resource-types", "resource_registry:read"),
    ("POST", "authz/check", "authz:check"), ("POST", "authz/explain", "authz:explain"),
    ("GET", "audit/logs", "audit:read"), ("GET", "audit/logs/audit_x", "audit:read"),
  ]

  static let decision: JSONValue = [
    "actor": [
      "user_id": "user_alice", "member_id": "member_finance_reviewer",
      "user_member_id": "um_alice_finance_reviewer", "space_id": "space_acme",
    ],
    "resource": ["type": "invoice", "id": "invoice_001"], "action": "approve",
  ]

  private func call(
    _ driver: KernelDriver, _ method: String, _ path: String, _ headers: [String: String]
  ) -> KernelAnswer {
    let body = method == "POST" ? Self.decision.serialized() : nil
    return driver.send(method, path, body: body, headers: headers)
  }

  private func driver(keys: [String]) throws -> KernelDriver {
    var seed = KernelSeed.demo
    seed.apiKeys = [KernelSeed.APIKey(key: Secret("ply_ak_1.secret"), permissionKeys: keys)]
    return try KernelDriver(seed)
  }

  private static let key = ["X-Plystra-API-Key": "ply_ak_1.secret"]

  @Test(arguments: serverRoutes)
  func noneOrAnUnknownOneIs401(method: String, path: String, permission: String) throws {
    let driver = try KernelDriver()
    for headers in [
      [:], ["X-Plystra-API-Key": ""], ["X-Plystra-API-Key": "ply_kernel_secre"],
      ["X-Plystra-API-Key": "ply_kernel_secret2"], ["Authorization": "Bearer ply_kernel_secret"],
      ["Authorization": "Bearer"], ["Authorization": "ply_kernel_secret"],
      ["Authorization": "Basic ply_kernel_secret"], KernelDriver.bearer("ply_at_unknown"),
    ] {
      let answer = call(driver, method, path, headers)
      #expect(answer.status == 401, "\(headers)")
      #expect(answer.code == "AUTHENTICATION_REQUIRED")
    }
  }

  @Test(arguments: serverRoutes)
  func aKeyNeedsThePermission(method: String, path: String, permission: String) throws {
    let domain = permission.prefix { $0 != ":" }
    for granted in ["*", permission, "\(domain):*", "\(domain):manage"] {
      let answer = call(try driver(keys: ["x:y", granted]), method, path, Self.key)
      #expect(answer.status == (path == "audit/logs/audit_x" ? 404 : 200), "\(granted)")
    }
    let others = Self.serverRoutes.map(\.2).filter { $0 != permission }
    for granted in others + ["\(domain):write", "\(domain)", "*:*", "\(domain)s:*", "x:manage", "", "**"] {
      let answer = call(try driver(keys: [granted]), method, path, Self.key)
      #expect(answer.status == 403, "\(granted)")
      #expect(answer.code == "ADMIN_PERMISSION_REQUIRED")
      #expect(answer.error["details"] == ["permission": .string(permission)])
    }
    #expect(call(try driver(keys: []), method, path, Self.key).status == 403)
  }

  @Test(arguments: serverRoutes)
  func aSessionNeedsAnAdministrator(method: String, path: String, permission: String) throws {
    let driver = try KernelDriver()
    let alice = call(driver, method, path, try driver.session("alice@example.com"))
    #expect(alice.status == (path == "audit/logs/audit_x" ? 404 : 200))
    let bob = call(driver, method, path, try driver.session("bob@example.com"))
    #expect(bob.status == 403)
    #expect(bob.code == "ADMIN_PERMISSION_REQUIRED")
    #expect(bob.error["details"] == ["permission": .string(permission)])
  }

  @Test(arguments: serverRoutes)
  func theKeyWinsOnServerRoutes(method: String, path: String, permission: String) throws {
    let driver = try KernelDriver()
    let bob = try driver.session("bob@example.com")
    let both = call(driver, method, path, bob.merging(KernelDriver.apiKey) { $1 })
    #expect(both.status == (path == "audit/logs/audit_x" ? 404 : 200))
    let alice = try driver.session("alice@example.com")
    #expect(call(driver, method, path, alice.merging(["X-Plystra-API-Key": "no"]) { $1 }).status == 401)
  }

  @Test func theTokenCountsOnSessionRoutes() throws {
    let driver = try KernelDriver()
    let bob = try driver.session("bob@example.com")
    let both = bob.merging(KernelDriver.apiKey) { $1 }
    #expect(driver.get("actor/context", both).data.at("actor.user_id") == "user_bob")
    #expect(driver.get("actor/context", bob.merging(["X-Plystra-API-Key": "no"]) { $1 }).status == 200)
    let choice: JSONValue = ["member_id": "member_finance_reviewer"]
    #expect(driver.post("actor/switch-member", choice, both).status == 200)
    for headers in [[:], KernelDriver.apiKey, KernelDriver.bearer("ply_at_unknown")] {
      #expect(driver.get("actor/context", headers).status == 401)
      #expect(driver.post("actor/switch-member", choice, headers).status == 401)
    }
  }

  @Test func theSchemeOfAnAccessTokenHasNoCase() throws {
    let driver = try KernelDriver()
    let token = try #require(driver.login().data["access_token"]?.stringValue)
    for value in ["Bearer \(token)", "bearer \(token)", "BEARER  \(token) "] {
      #expect(driver.get("actor/context", ["Authorization": value]).status == 200, "\(value.prefix(8))")
    }
  }

  @Test(arguments: ["health", "ready", "version"])
  func publicRoutesLookAtNoCredential(path: String) throws {
    let headers = ["X-Plystra-API-Key": "unknown", "Authorization": "Bearer unknown"]
    #expect(try KernelDriver().get(path, headers).status == 200)
  }

  @Test func grantsAreForKeysOnly() throws {
    let driver = try KernelDriver()
    let alice = try driver.session()
    for extra: JSONObject in [
      ["grants": [["scope": "space"]]], ["grants": [nil]],
      ["resource": ["type": "invoice", "id": "invoice_001", "group_path": "finance"]],
      ["actor": ["user_id": "user_alice", "user_status": "active"]],
    ] {
      var request = try #require(Self.decision.objectValue)
      for (key, value) in extra { request[key] = value }
      let answer = driver.post("authz/check", .object(request), alice)
      #expect(answer.status == 403, "\(extra)")
      #expect(answer.code == "INLINE_CONTEXT_REQUIRES_API_KEY")
    }
  }
}
