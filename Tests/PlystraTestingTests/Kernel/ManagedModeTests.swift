import PlystraCore
import PlystraTesting
import Testing

/// Decisions from the kernel's own data (contract §4, "Managed mode").
@Suite struct ManagedModeTests {
  private func actor(_ binding: String, user: String = "user_alice") -> JSONValue {
    [
      "user_id": .string(user), "member_id": "member_finance_reviewer",
      "user_member_id": .string(binding), "space_id": "space_acme",
    ]
  }

  private func request(
    _ binding: String = "um_alice_finance_reviewer", user: String = "user_alice", type: String = "invoice",
    id: String = "invoice_001", action: String = "approve"
  ) -> JSONObject {
    [
      "actor": actor(binding, user: user), "resource": ["type": .string(type), "id": .string(id)],
      "action": .string(action),
    ]
  }

  private func explain(
    _ request: JSONObject, seed: KernelSeed = .demo, at start: String = "2026-05-06T00:00:00Z"
  ) throws -> KernelAnswer {
    try KernelDriver(seed, at: start).post("authz/explain", .object(request), KernelDriver.apiKey)
  }

  @Test func theDemoDataDecides() throws {
    let trace = try explain(request()).data
    #expect(trace["decision"] == "allow")
    #expect(trace.at("actor.user.email") == "alice@example.com")
    #expect(trace.at("actor.user_member.relation_type") == "delegate")
    #expect(trace.at("space.name") == "Acme")
    #expect(
      trace.at("target.resource") == [
        "id": "invoice_001", "type": "invoice", "space_id": "space_acme",
        "group_id": "group_finance_apac", "group_path": "finance.apac",
        "owner_member_id": "member_invoice_creator", "status": "active",
      ])
    #expect(trace.at("target.group.id") == "group_finance_apac")
    let candidate = try #require(trace["matched_candidates"]?[0])
    #expect(candidate.at("role.key") == "finance_approver")
    #expect(candidate.at("permission.scope") == "group_tree")
    #expect(candidate.at("scope_anchor.id") == "group_finance")
    #expect(candidate.at("scope_check.reason") == "target group finance.apac is inside anchor group finance.")
  }

  @Test func theOtherInvoiceIsOutOfBounds() throws {
    let answer = try explain(request("um_bob_finance_reviewer", user: "user_bob", id: "invoice_002"))
    #expect(answer.status == 200)
    #expect(answer.data["deny_code"] == "SCOPE_OUT_OF_BOUNDS")
  }

  @Test(arguments: [
    ("um_alice_finance_reviewer_revoked", "USER_MEMBER_REVOKED", "UserMember binding is not active"),
    ("um_alice_finance_reviewer_expired", "USER_MEMBER_EXPIRED", "UserMember binding has expired"),
  ])
  func endedBindingsAreDenied(binding: String, code: String, reason: String) throws {
    let trace = try explain(request(binding)).data
    #expect(trace["deny_code"] == .string(code))
    #expect(trace["reason"] == .string(reason))
    #expect(trace["matched_candidates"]?.arrayValue?.count == 1)
  }

  @Test func aBindingExpiresAtItsMoment() throws {
    let expiring = request("um_alice_finance_reviewer_expired")
    #expect(try explain(expiring, at: "2026-05-04T23:59:59Z").data["decision"] == "allow")
    let after = try explain(expiring, at: "2026-05-05T00:00:00Z").data
    #expect(after["deny_code"] == "USER_MEMBER_EXPIRED")
    #expect(after.at("actor.user_member.expires_at") == "2026-05-05T00:00:00Z")
  }

  @Test func objectionsComeInOrder() throws {
    var seed = KernelSeed.demo
    seed.userMembers[0].status = "revoked"
    seed.userMembers[0].expiresAt = Timestamp.date(from: "2026-01-01T00:00:00Z")
    seed.resourceTypes = []
    var codes: [JSONValue?] = []
    let repairs: [(inout KernelSeed) -> Void] = [
      { $0.users[0].status = "active" }, { $0.members[0].status = "active" },
      { $0.spaces[0].status = "active" }, { $0.userMembers[0].status = "active" },
      { $0.userMembers[0].expiresAt = nil }, { $0.resourceTypes = [.init(key: "invoice", actions: [])] },
      { $0.resourceTypes = [.init(key: "invoice", actions: ["approve"])] },
      { $0.resources[0].spaceID = "space_acme" }, { _ in },
    ]
    seed.users[0].status = "disabled"
    seed.members[0].status = "disabled"
    seed.spaces[0].status = "disabled"
    seed.resources[0].spaceID = "space_other"
    for repair in repairs {
      codes.append(try explain(request(), seed: seed).data["deny_code"])
      repair(&seed)
    }
    #expect(
      codes
        == [
          "ACTOR_USER_INACTIVE", "ACTOR_MEMBER_INACTIVE", "SPACE_INACTIVE", "USER_MEMBER_REVOKED",
          "USER_MEMBER_EXPIRED", "INVALID_RESOURCE_TYPE", "INVALID_RESOURCE_ACTION",
          "CROSS_SPACE_VIOLATION", nil,
        ].map { $0 ?? .null })
  }

  @Test func everythingLiesInTheActorsSpace() throws {
    let strayings: [(inout KernelSeed) -> Void] = [
      { $0.resources[0].spaceID = "space_other" }, { $0.groups[1].spaceID = "space_other" },
      { $0.groups[0].spaceID = "space_other" }, { $0.roles[0].spaceID = "space_other" },
      { $0.grants[0].spaceID = "space_other" }, { $0.members[0].spaceID = "space_other" },
    ]
    for (index, stray) in strayings.enumerated() {
      var seed = KernelSeed.demo
      stray(&seed)
      let answer = try explain(request(), seed: seed)
      #expect(answer.data["deny_code"] == "CROSS_SPACE_VIOLATION", "\(index)")
    }
  }

  @Test func aBindingActsAsItsOwnMemberOnly() throws {
    var seed = KernelSeed.demo
    seed.members.append(KernelSeed.Member(id: "member_chief", spaceID: "space_acme"))
    seed.grants[0].memberID = "member_chief"
    var request = request()
    request["actor"] = [
      "user_id": "user_alice", "member_id": "member_chief",
      "user_member_id": "um_alice_finance_reviewer", "space_id": "space_acme",
    ]
    #expect(try explain(request, seed: seed).status == 500)
  }

  @Test func unregisteredTypesAreNotLookedUp() throws {
    let unknown = try explain(request(type: "report", id: "nothing")).data
    #expect(unknown["deny_code"] == "INVALID_RESOURCE_TYPE")
    #expect(unknown["matched_candidates"] == .null)
    #expect(unknown.at("target.resource.id") == "")
    #expect(try explain(request(id: "nothing", action: "pay")).data["deny_code"] == "INVALID_RESOURCE_ACTION")
  }

  @Test func noCandidateIsAnEmptyList() throws {
    let trace = try explain(request(action: "reject")).data
    #expect(trace["deny_code"] == "NO_MATCHING_PERMISSION")
    #expect(trace["matched_candidates"] == [])
  }

  @Test(
    arguments: [
      ["user_id": "user_bob"], ["member_id": "member_x"], ["user_member_id": "um_bob_finance_reviewer"],
      ["space_id": "space_other"], ["user_id": "user_x"],
    ] as [JSONObject])
  func anUnknownActorTupleIsAnInternalError(change: JSONObject) throws {
    var request = request()
    var actor = actor("um_alice_finance_reviewer").objectValue ?? [:]
    for (key, value) in change { actor[key] = value }
    request["actor"] = .object(actor)
    let answer = try explain(request)
    #expect(answer.status == 500)
    #expect(answer.code == "INTERNAL_ERROR")
    #expect(answer.error["message"] == "Authorization check failed.")
    #expect(answer.error["details"]?.stringValue?.contains("actor") == true)
  }

  @Test func anUnknownResourceIsAnInternalError() throws {
    let answer = try explain(request(id: "invoice_999"))
    #expect(answer.status == 500)
    #expect(answer.error["details"]?.stringValue?.contains("resource") == true)
  }

  @Test func whatIsMissingIsRefused() throws {
    for key in ["actor", "resource", "action"] {
      var request = request()
      request[key] = nil
      #expect(try explain(request).code == "VALIDATION_FAILED", "\(key)")
    }
    for key in ["user_id", "member_id", "user_member_id", "space_id"] {
      var request = request()
      var actor = actor("um_alice_finance_reviewer").objectValue ?? [:]
      actor[key] = ""
      request["actor"] = .object(actor)
      #expect(try explain(request).code == "VALIDATION_FAILED", "\(key)")
    }
  }

  @Test func noGrantsAtAllIsManagedMode() throws {
    var request = request()
    request["grants"] = []
    #expect(try explain(request).data["decision"] == "allow")
  }

  @Test func typeAndIDMayStandOutside() throws {
    var request = request()
    request["resource"] = nil
    request["resource_type"] = "invoice"
    request["resource_id"] = "invoice_001"
    #expect(try explain(request).data["decision"] == "allow")
  }

  @Test func anInlineResourceIsJudgedWithTheStoredGrants() throws {
    for (path, code) in [("finance.emea", JSONValue.null), ("legal.emea", "SCOPE_OUT_OF_BOUNDS")] {
      var request = request()
      request["resource"] = [
        "type": "invoice", "external_id": "inv-7", "space_id": "space_acme", "group_path": .string(path),
      ]
      let trace = try explain(request).data
      #expect(trace["deny_code"] == code)
      #expect(trace.at("target.resource.id") == "inv-7")
    }
    var elsewhere = request()
    elsewhere["resource"] = ["type": "invoice", "id": "i", "group_path": "finance", "space_id": "space_x"]
    #expect(try explain(elsewhere).data["deny_code"] == "CROSS_SPACE_VIOLATION")
    elsewhere["resource"] = ["type": "invoice", "id": "i", "group_path": "finance"]
    #expect(try explain(elsewhere).code == "VALIDATION_FAILED")
  }

  @Test func storedCandidatesAreJudgedInOrder() throws {
    var seed = KernelSeed.demo
    seed.roles.append(
      KernelSeed.Role(
        id: "role_1", key: "auditor", spaceID: "space_acme",
        permissions: [
          KernelSeed.Permission(resource: "invoice", action: "approve", scope: .space),
          KernelSeed.Permission(resource: "invoice", action: "approve", scope: .group),
          KernelSeed.Permission(resource: "invoice", action: "approve", scope: Scope(rawValue: "planet")),
          KernelSeed.Permission(resource: "report", action: "approve", scope: .space),
        ]))
    seed.grants.append(KernelSeed.Grant(memberID: "member_finance_reviewer", roleID: "role_1"))
    seed.grants.append(KernelSeed.Grant(memberID: "member_finance_reviewer", roleID: "role_unknown"))
    let trace = try explain(request(id: "invoice_002"), seed: seed).data
    let candidates = trace["matched_candidates"]?.arrayValue ?? []
    #expect(trace["decision"] == "allow")
    #expect(
      candidates.map { $0.at("permission.scope") } == ["group", "planet", "space", "group_tree"])
    #expect(candidates[0].at("scope_check.deny_code") == "SCOPE_ANCHOR_MISSING")
    #expect(candidates[1].at("scope_check.covered") == false)
    #expect(candidates[2].at("scope_check.covered") == true)
  }

  // MARK: Sessions

  @Test func aSessionActsAsItsActiveMember() throws {
    let driver = try KernelDriver()
    let alice = try driver.session()
    var request = request()
    request["actor"] = nil
    let trace = driver.post("authz/explain", .object(request), alice).data
    #expect(trace["decision"] == "allow")
    #expect(trace.at("actor.user_member.id") == "um_alice_finance_reviewer")
    request["actor"] = [:]
    #expect(driver.post("authz/check", .object(request), alice).data["allow"] == true)
  }

  @Test(
    arguments: [
      ["user_member_id": "um_alice_finance_reviewer"], ["binding_id": "um_alice_finance_reviewer"],
      ["member_id": "member_finance_reviewer"], ["space_id": "space_acme"], ["user_id": "user_alice"],
    ] as [JSONValue])
  func aSessionMayNameOneOfItsOwnBindings(actor: JSONValue) throws {
    let driver = try KernelDriver()
    var request = request()
    request["actor"] = actor
    #expect(driver.post("authz/check", .object(request), try driver.session()).data["allow"] == true)
  }

  @Test(
    arguments: [
      ["user_member_id": "um_bob_finance_reviewer"], ["user_id": "user_bob"],
      ["user_member_id": "um_alice_finance_reviewer_revoked"],
      ["user_member_id": "um_alice_finance_reviewer_expired"], ["space_id": "space_other"],
      ["user_member_id": "um_alice_finance_reviewer", "member_id": "member_x"],
    ] as [JSONValue])
  func aSessionMayNameNoOther(actor: JSONValue) throws {
    let driver = try KernelDriver()
    var request = request()
    request["actor"] = actor
    let answer = driver.post("authz/check", .object(request), try driver.session())
    #expect(answer.status == 403)
    #expect(answer.code == "ACTIVE_MEMBER_REQUIRED")
    #expect(driver.get("audit/logs", KernelDriver.apiKey).rows.isEmpty)
  }
}
