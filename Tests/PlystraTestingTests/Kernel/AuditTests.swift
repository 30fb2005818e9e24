import PlystraCore
import PlystraTesting
import Testing

/// The audit log: every decision, found by every filter (contract §5).
@Suite struct AuditTests {
  /// A check whose ids end in `name`, at a moment `seconds` later than the one before.
  private func check(
    _ driver: KernelDriver, _ name: String, after seconds: Double = 0, allowed: Bool = true
  ) {
    driver.clock.advance(by: seconds)
    let request: JSONValue = [
      "actor": [
        "user_id": .string("user_\(name)"), "member_id": .string("member_\(name)"),
        "binding_id": .string("um_\(name)"), "space_id": .string("space_\(name)"),
      ],
      "resource": [
        "type": "invoice", "id": .string("invoice_\(name)"), "space_id": .string("space_\(name)"),
      ],
      "action": allowed ? "approve" : "reject",
      "grants": [["scope": "space", "action": "approve"]],
    ]
    let headers = KernelDriver.apiKey.merging(
      ["X-Request-ID": "req_\(name)", "User-Agent": "agent/\(name)"]) { $1 }
    #expect(driver.post("authz/check", request, headers).data["allow"] == .bool(allowed))
  }

  private func list(_ driver: KernelDriver, _ query: String = "") -> [String] {
    driver.get("audit/logs\(query)", KernelDriver.apiKey).rows.compactMap {
      $0["request_id"]?.stringValue?.dropFirst(4).description
    }
  }

  @Test func everyDecisionLeavesOneRow() throws {
    let driver = try KernelDriver()
    check(driver, "a")
    check(driver, "b", allowed: false)
    let rows = driver.get("audit/logs", KernelDriver.apiKey).rows
    #expect(rows.count == 2)
    #expect(rows[0]["decision"] == "deny")
    #expect(rows[0]["deny_code"] == "NO_MATCHING_PERMISSION")
    #expect(rows[0]["action"] == "invoice.reject")
    #expect(rows[1]["decision"] == "allow")
    #expect(rows[1]["deny_code"] == "")
    #expect(rows[1]["ip_address"] == "192.0.2.7")
    #expect(rows[1]["user_agent"] == "agent/a")
  }

  @Test func refusedAndFailedRequestsLeaveNone() throws {
    let driver = try KernelDriver()
    #expect(driver.post("authz/check", ["action": "approve"], KernelDriver.apiKey).status == 400)
    #expect(driver.post("authz/check", CredentialTests.decision, [:]).status == 401)
    #expect(list(driver).isEmpty)
  }

  @Test(arguments: [
    "space_id=space_b", "actor_user_id=user_b", "actor_member_id=member_b", "actor_user_member_id=um_b",
    "resource_id=invoice_b", "request_id=req_b", "resource_id=invoice%5Fb", "decision=deny",
    "deny_code=NO_MATCHING_PERMISSION", "decision=deny&resource_type=invoice&space_id=space_b",
    "space_id=space_b&space_id=space_a", "request_id=req_b&unknown=1&decision=",
  ])
  func eachFilterSelects(query: String) throws {
    let driver = try KernelDriver()
    check(driver, "a")
    check(driver, "b", allowed: false)
    check(driver, "c")
    #expect(list(driver, "?\(query)") == ["b"])
  }

  @Test(arguments: [
    "space_id=space_x", "decision=ALLOW", "decision=allow&deny_code=NO_MATCHING_PERMISSION",
    "resource_type=Invoice", "request_id=req_", "actor_user_id=user_a&actor_member_id=member_b",
  ])
  func filtersAreExactAndAllApply(query: String) throws {
    let driver = try KernelDriver()
    check(driver, "a")
    check(driver, "b", allowed: false)
    #expect(list(driver, "?\(query)").isEmpty)
  }

  @Test func theNewestComesFirstAndAmongEqualsTheLatestWritten() throws {
    let driver = try KernelDriver()
    check(driver, "a")
    check(driver, "b", after: 0.4)
    check(driver, "c", after: 10)
    check(driver, "d", after: -5)
    check(driver, "e", after: -100)
    #expect(list(driver) == ["c", "d", "b", "a", "e"])
  }

  @Test func momentsAreCutToTheSecondAndBoundsAreInclusive() throws {
    let driver = try KernelDriver(at: "2026-05-06T10:00:00.900Z")
    check(driver, "a")
    check(driver, "b", after: 1)
    check(driver, "c", after: 1)
    let rows = driver.get("audit/logs", KernelDriver.apiKey).rows
    #expect(
      rows.compactMap { $0["created_at"]?.stringValue?.suffix(9) } == ["10:00:02Z", "10:00:01Z", "10:00:00Z"])
    #expect(list(driver, "?created_at_from=2026-05-06T10:00:01Z") == ["c", "b"])
    #expect(list(driver, "?created_at_to=2026-05-06T10:00:01Z") == ["b", "a"])
    #expect(
      list(driver, "?created_at_from=2026-05-06T12:00:01%2B02:00&created_at_to=2026-05-06T10:00:01Z") == ["b"]
    )
    #expect(list(driver, "?created_at_from=2026-05-06T10:00:01.5Z") == ["c"])
    #expect(list(driver, "?created_at_from=2026-05-06T10:00:03Z").isEmpty)
  }

  @Test(arguments: [
    "yesterday", "2026-05-06", "2026-05-06T00:00:00", "2026-13-06T00:00:00Z", "1778025600",
    "2026-05-06T00:00:00+02:00",
  ])
  func otherMomentsAreRefused(moment: String) throws {
    for name in ["created_at_from", "created_at_to"] {
      let answer = try KernelDriver().get("audit/logs?\(name)=\(moment)", KernelDriver.apiKey)
      #expect(answer.status == 400)
      #expect(answer.code == "VALIDATION_FAILED")
      #expect(answer.error["message"] == .string("\(name) must be RFC3339."))
    }
  }

  @Test(arguments: [
    ("", 50), ("?limit=1", 1), ("?limit=200", 200), ("?limit=0", 50), ("?limit=201", 50),
    ("?limit=-1", 50), ("?limit=x", 50), ("?limit=", 50), ("?limit=1.5", 50),
    ("?limit=99999999999999999999", 50),
  ])
  func limitsOutsideTheRangeBecomeFifty(query: String, limit: Int) throws {
    let driver = try KernelDriver()
    for number in 0..<60 { check(driver, "\(number)") }
    let answer = driver.get("audit/logs\(query)", KernelDriver.apiKey)
    #expect(
      answer.json["pagination"] == ["limit": .integer(Int64(limit)), "cursor": nil, "has_more": false])
    #expect(answer.rows.count == min(limit, 60))
    #expect(answer.rows.first?["request_id"] == "req_59")
  }

  @Test func detailAddsTheTrace() throws {
    let driver = try KernelDriver()
    let explained = driver.post("authz/explain", CredentialTests.decision, KernelDriver.apiKey)
    let id = try #require(explained.data.at("audit.audit_log_id")?.stringValue)
    let detail = driver.get("audit/logs/\(id)", KernelDriver.apiKey)
    #expect(detail.status == 200)
    #expect(detail.data["trace"]?.serialized() == explained.data.serialized())
    var row = try #require(detail.data.objectValue)
    row["trace"] = nil
    #expect(driver.get("audit/logs", KernelDriver.apiKey).rows == [.object(row)])
    let escaped = id.replacing("_", with: "%5f")
    #expect(driver.get("audit/logs/\(escaped)", KernelDriver.apiKey).status == 200)
  }

  @Test(arguments: ["audit_0", "a%2Fb", "%2E%2E", "%C3%A9", "audit_1%00", "logs"])
  func anUnknownRowIsNotFound(id: String) throws {
    let answer = try KernelDriver().get("audit/logs/\(id)", KernelDriver.apiKey)
    #expect(answer.status == 404)
    #expect(answer.code == "AUDIT_LOG_NOT_FOUND")
  }

  @Test func resourceTypesIgnoreTheLimit() throws {
    var seed = KernelSeed.demo
    seed.resourceTypes = ["b", "a", "c"].map { KernelSeed.ResourceType(key: $0, actions: []) }
    let answer = try KernelDriver(seed).get("resource-types?limit=1", KernelDriver.apiKey)
    #expect(answer.rows.map { $0["key"] } == ["b", "a", "c"])
    #expect(answer.json["pagination"] == ["limit": 50, "cursor": nil, "has_more": false])
  }
}
