import PlystraCore
import PlystraTesting
import Testing

/// Keys that reach one space only (contract §7).
@Suite struct SpaceKeyTests {
  private static let key = ["X-Plystra-API-Key": "ply_ak_acme.secret"]

  private func driver() throws -> KernelDriver {
    var seed = KernelSeed.demo
    seed.apiKeys.append(KernelSeed.APIKey(key: Secret("ply_ak_acme.secret"), level: .space("space_acme")))
    seed.spaces.append(KernelSeed.Space(id: "space_other"))
    seed.members.append(KernelSeed.Member(id: "member_other", spaceID: "space_other"))
    seed.userMembers.append(
      KernelSeed.UserMember(
        id: "um_other", userID: "user_bob", memberID: "member_other", spaceID: "space_other"))
    seed.resources.append(KernelSeed.Resource(id: "invoice_9", type: "invoice", spaceID: "space_other"))
    return try KernelDriver(seed)
  }

  private func inline(
    actor: String = "space_acme", resource: String = "space_acme", grant: JSONValue = nil
  ) -> JSONValue {
    [
      "actor": ["user_id": "u", "member_id": "m", "binding_id": "b", "space_id": .string(actor)],
      "resource": ["type": "invoice", "id": "i", "space_id": .string(resource)], "action": "approve",
      "grants": [["scope": "space"], ["scope": "self", "action": "other", "space_id": grant]],
    ]
  }

  private func managed(_ binding: String, _ member: String, _ user: String, _ space: String) -> JSONObject {
    [
      "actor": [
        "user_id": .string(user), "member_id": .string(member), "user_member_id": .string(binding),
        "space_id": .string(space),
      ],
      "resource_type": "invoice", "resource_id": "invoice_001", "action": "approve",
    ]
  }

  @Test func contextModeLiesWhollyWithin() throws {
    let driver = try driver()
    for path in ["authz/check", "authz/explain"] {
      #expect(driver.post(path, inline(), Self.key).data["decision"] == "allow")
      for request in [
        inline(actor: "space_other"), inline(resource: "space_other"), inline(grant: "space_other"),
        inline(actor: "space_other", resource: "space_other", grant: "space_other"),
      ] {
        let answer = driver.post(path, request, Self.key)
        #expect(answer.status == 403)
        #expect(answer.code == "ADMIN_PERMISSION_REQUIRED")
        #expect(driver.post(path, request, KernelDriver.apiKey).status == 200)
      }
    }
  }

  @Test func managedModeLiesWhollyWithin() throws {
    let driver = try driver()
    var request = managed("um_alice_finance_reviewer", "member_finance_reviewer", "user_alice", "space_acme")
    #expect(driver.post("authz/check", .object(request), Self.key).data["allow"] == true)
    request["resource_id"] = "invoice_9"
    #expect(driver.post("authz/check", .object(request), Self.key).status == 403)
    #expect(
      driver.post("authz/check", .object(request), KernelDriver.apiKey).data["deny_code"]
        == "CROSS_SPACE_VIOLATION")
    let other = managed("um_other", "member_other", "user_bob", "space_other")
    #expect(driver.post("authz/check", .object(other), Self.key).status == 403)
    #expect(driver.post("authz/check", .object(other), KernelDriver.apiKey).status == 200)
  }

  @Test func refusedRequestsLeaveNoRow() throws {
    let driver = try driver()
    #expect(driver.post("authz/check", inline(actor: "space_other"), Self.key).status == 403)
    #expect(driver.get("audit/logs", KernelDriver.apiKey).rows.isEmpty)
  }

  @Test func auditRowsAreListedWithTheOwnSpaceOnly() throws {
    let driver = try driver()
    let own = driver.post("authz/check", inline(), Self.key)
    let other = driver.post(
      "authz/check", inline(actor: "space_other", resource: "space_other"), KernelDriver.apiKey)
    #expect(driver.get("audit/logs", Self.key).status == 403)
    #expect(driver.get("audit/logs?space_id=", Self.key).status == 403)
    #expect(driver.get("audit/logs?space_id=space_other", Self.key).status == 403)
    #expect(driver.get("audit/logs?space_id=space_acme", Self.key).rows.count == 1)
    #expect(driver.get("audit/logs", KernelDriver.apiKey).rows.count == 2)
    let ownID = try #require(own.data["audit_log_id"]?.stringValue)
    let otherID = try #require(other.data["audit_log_id"]?.stringValue)
    #expect(driver.get("audit/logs/\(ownID)", Self.key).status == 200)
    #expect(driver.get("audit/logs/\(otherID)", Self.key).status == 403)
    #expect(driver.get("audit/logs/unknown", Self.key).status == 403)
    #expect(driver.get("audit/logs/\(otherID)", KernelDriver.apiKey).status == 200)
  }

  @Test(arguments: ["capabilities", "resource-types"])
  func whatBelongsToNoSpaceIsRefused(path: String) throws {
    #expect(try driver().get(path, Self.key).status == 403)
  }
}
