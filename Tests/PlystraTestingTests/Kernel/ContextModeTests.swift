import PlystraCore
import PlystraTesting
import Testing

/// Rules of Context Mode beyond what the recorded vectors cover (contract §3 and §4).
@Suite struct ContextModeTests {
  private func request(
    actor: JSONObject = [:], resource: JSONObject = [:], grants: [JSONValue] = [["scope": "space"]],
    _ changes: JSONObject = [:]
  ) -> JSONValue {
    var whole: JSONObject = [
      "actor": ["user_id": "u", "member_id": "m", "binding_id": "b", "space_id": "s"],
      "resource": ["type": "invoice", "id": "i", "space_id": "s"], "action": "approve",
      "grants": .array(grants),
    ]
    for (field, values) in [("actor", actor), ("resource", resource)] {
      var object = whole[field]?.objectValue ?? [:]
      for (key, value) in values { object[key] = value }
      whole[field] = .object(object)
    }
    for (key, value) in changes { whole[key] = value }
    return .object(whole)
  }

  private func explain(_ request: JSONValue) throws -> KernelAnswer {
    try KernelDriver().post("authz/explain", request, KernelDriver.apiKey)
  }

  private func check(_ request: JSONValue) throws -> KernelAnswer {
    try KernelDriver().post("authz/check", request, KernelDriver.apiKey)
  }

  @Test(
    arguments: [
      ["action": nil], ["action": ""], ["actor": nil], ["actor": [:]], ["resource": nil],
      ["actor": ["user_id": "u", "member_id": "m", "binding_id": "b"]],
      ["actor": ["user_id": "u", "member_id": "m", "space_id": "s"]],
      ["actor": ["user_id": "u", "binding_id": "b", "space_id": "s"]],
      ["actor": ["member_id": "m", "binding_id": "b", "space_id": "s"]],
      ["actor": ["user_email": "alice@example.com"]],
      ["resource": ["type": "invoice", "id": "i"]], ["resource": ["id": "i", "space_id": "s"]],
      ["resource": ["type": "invoice", "space_id": "s"]],
      ["resource": ["type": "invoice", "external_id": "x"]],
      ["resource_type": "report"],
      ["grants": [[:]]], ["grants": [nil]], ["grants": [["scope": ""]]], ["grants": [["scope": "Space"]]],
      ["grants": [["scope": " space"]]], ["grants": [["scope": "space"], ["scope": "spaces"]]],
    ] as [JSONObject])
  func incompleteRequestsAreRefused(changes: JSONObject) throws {
    let answer = try check(request(changes))
    #expect(answer.status == 400, "\(changes)")
    #expect(answer.code == "VALIDATION_FAILED")
  }

  @Test func explainOnCheckAnswersTheTrace() throws {
    let trace = try check(request(["explain": true])).data
    #expect(trace["allow"] == nil)
    #expect(trace["audit_log_id"] == nil)
    #expect(trace["trace_version"] == "1.0")
    #expect(try check(request(["explain": false])).data["allow"] == true)
    #expect(try explain(request(["explain": false])).data["trace_version"] == "1.0")
  }

  @Test func idsOfTraceAndRowShareTheirDigits() throws {
    let driver = try KernelDriver()
    var seen: Set<String> = []
    for path in ["authz/check", "authz/explain"] {
      let answer = driver.post(path, request(), KernelDriver.apiKey)
      let trace = try #require(answer.data["trace_id"]?.stringValue)
      let row = try #require(answer.data.at("audit.audit_log_id")?.stringValue)
      #expect(trace.hasPrefix("trc_") && trace.count == 20)
      #expect(row == "audit_" + trace.dropFirst(4))
      #expect(answer.headers["X-Plystra-Trace-ID"] == trace)
      #expect(answer.headers["X-Plystra-Audit-Log-ID"] == row)
      seen.insert(trace)
    }
    #expect(seen.count == 2)
  }

  @Test func userMemberIDWinsOverBindingID() throws {
    let trace = try explain(request(actor: ["user_member_id": "um"])).data
    #expect(trace.at("actor.user_member.id") == "um")
    #expect(trace.at("audit.actor_user_member_id") == "um")
  }

  @Test func metadataAloneMakesItContextMode() throws {
    let answer = try check(request(actor: ["space_name": "S"], grants: []))
    #expect(answer.data["deny_code"] == "NO_MATCHING_PERMISSION")
  }

  @Test func statusesAreTrimmedAndNothingElseOfTheActorIs() throws {
    let trace = try explain(
      request(actor: ["user_status": "\u{2003}active\n", "space_status": " ", "space_name": " S "])
    ).data
    #expect(trace["decision"] == "allow")
    #expect(trace.at("space.name") == " S ")
    #expect(
      try check(request(actor: ["user_status": "Active"])).data["deny_code"] == "ACTOR_USER_INACTIVE")
  }

  @Test func valuesOfAGrantAreTrimmed() throws {
    let grant: JSONValue = [
      "scope": "group_tree", "resource": " invoice ", "action": "\tapprove", "space_id": " ",
      "scope_anchor_group_path": " finance ",
    ]
    let trace = try explain(request(resource: ["group_path": "finance.apac"], grants: [grant])).data
    #expect(trace["decision"] == "allow")
    #expect(trace["matched_candidates"]?[0]?.at("scope_anchor.path") == "finance")
  }

  @Test func generatedIDsFollowTheirRule() throws {
    for (key, id) in [
      ("Röle! 1", "role_inline_r_le__1"), ("__", "role_inline_value"), (" A-B ", "role_inline_a_b"),
      ("İK", "role_inline_ik"),
    ] {
      let trace = try explain(request(grants: [["scope": "space", "role_key": .string(key)]])).data
      #expect(trace["matched_candidates"]?[0]?.at("role.id") == .string(id))
    }
  }

  /// `é` as one scalar and as two is the same `String` to Swift, and two names to the service.
  @Test(arguments: [
    ("group_tree", "caf\u{E9}", "cafe\u{301}"), ("group_tree", "caf\u{E9}", "cafe\u{301}.x"),
    ("group", "caf\u{E9}", "cafe\u{301}"),
  ])
  func namesAreComparedByteForByte(scope: String, anchor: String, path: String) throws {
    let grant: JSONValue = ["scope": .string(scope), "scope_anchor_group_path": .string(anchor)]
    #expect(
      try check(request(resource: ["group_path": .string(path)], grants: [grant])).data["deny_code"]
        == "SCOPE_OUT_OF_BOUNDS")
    let same = try check(request(resource: ["group_path": .string(anchor)], grants: [grant]))
    #expect(same.data["allow"] == true)
  }

  @Test func ownersAndSpacesAreComparedByteForByte() throws {
    let owned = try check(
      request(
        actor: ["member_id": "m\u{E9}"], resource: ["owner_member_id": "me\u{301}"],
        grants: [["scope": "self"]]))
    #expect(owned.data["deny_code"] == "SCOPE_OUT_OF_BOUNDS")
    let crossed = try check(
      request(actor: ["space_id": "s\u{E9}"], resource: ["space_id": "se\u{301}"]))
    #expect(crossed.data["deny_code"] == "CROSS_SPACE_VIOLATION")
  }

  @Test func aPathCoversWhatIsBeneathItOnly() throws {
    let grant: JSONValue = ["scope": "group_tree", "scope_anchor_group_path": "finance"]
    for (path, isAllowed) in [
      ("finance", true), ("finance.apac", true), ("finance.apac.sg", true), ("finances", false),
      ("financeapac", false), ("Finance", false), ("finance/apac", false), ("legal.finance", false),
      ("finance.\u{301}x", true),
    ] {
      let answer = try check(request(resource: ["group_path": .string(path)], grants: [grant]))
      #expect(answer.data["allow"] == .bool(isAllowed), "\(path)")
    }
  }

  @Test func metadataComesBackWithSortedKeysAndExactNumbers() throws {
    let body = #"""
      {"actor":{"user_id":"u","member_id":"m","binding_id":"b","space_id":"s"},"action":"approve",
      "resource":{"type":"invoice","id":"i","space_id":"s","metadata":{"z":[{"b":1,"a":9007199254740993}],"ä":-0.5,
      "A":null}},"grants":[{"scope":"space"}]}
      """#
    let answer = try KernelDriver().send(
      "POST", "authz/explain", body: Array(body.utf8), headers: KernelDriver.apiKey)
    #expect(
      answer.text.contains(#""metadata":{"A":null,"z":[{"a":9007199254740993,"b":1}],"ä":-0.5}"#),
      "\(answer.text)")
  }

  @Test func anEmptyRequestPartIsLeftOutOfTheTrace() throws {
    let trace = try explain(request()).data
    #expect(trace["request"]?.objectValue?.keys == ["request_id", "ip"])
    #expect(trace.at("request.ip") == "192.0.2.7")
  }
}
