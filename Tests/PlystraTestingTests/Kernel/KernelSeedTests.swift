import PlystraCore
import PlystraTesting
import Testing

/// Seed files: what they change, and how bad ones are refused.
@Suite struct KernelSeedTests {
  private func seed(_ text: String) throws -> KernelSeed { try KernelSeed(parsing: text.utf8) }

  @Test func anEmptyObjectKeepsTheDemoData() throws {
    let seed = try seed("{}")
    #expect(seed.resourceTypes.map(\.key) == ["invoice"])
    #expect(seed.apiKeys.count == 1)
    #expect(seed.users.map(\.id) == ["user_alice", "user_bob"])
    #expect(seed.superAdministrators == ["user_alice"])
    #expect(seed.userMembers.count == 4)
    #expect(seed.userMembers[3].expiresAt == Timestamp.date(from: "2026-05-05T00:00:00Z"))
    #expect(seed.grants.count == 1)
    #expect(seed.resources.map(\.id) == ["invoice_001", "invoice_002"])
    #expect(seed.registration == .closed)
  }

  @Test func anEmptyValueMeansNone() throws {
    let seed = try seed(
      """
      {"resource_types":{},"api_keys":[],"users":[],"super_administrators":[],"spaces":[],"groups":[],"members":[],
      "user_members":[],"roles":[],"grants":[],"resources":[],"registration":"open"}
      """)
    #expect(seed.resourceTypes.isEmpty && seed.apiKeys.isEmpty && seed.users.isEmpty)
    #expect(seed.superAdministrators.isEmpty && seed.spaces.isEmpty && seed.groups.isEmpty)
    #expect(seed.members.isEmpty && seed.userMembers.isEmpty && seed.roles.isEmpty)
    #expect(seed.grants.isEmpty && seed.resources.isEmpty)
    #expect(seed.registration == .open)
    let driver = try KernelDriver(seed)
    #expect(driver.get("capabilities", KernelDriver.apiKey).status == 401)
    #expect(driver.login().status == 401)
  }

  @Test func demoDataMayNameWhatTheFileTookAway() throws {
    let driver = try KernelDriver(try seed(#"{"resource_types":{"report":["read"]},"groups":[],"users":[]}"#))
    let answer = driver.post("authz/check", CredentialTests.decision, KernelDriver.apiKey)
    #expect(answer.status == 500)
    #expect(driver.get("resource-types", KernelDriver.apiKey).rows.map { $0["key"] } == ["report"])
  }

  @Test func aWholeWorldIsRead() throws {
    let seed = try seed(
      """
      {"resource_types":{"report":["read","share"]},
      "api_keys":[{"key":"ply_ak_1.s","level":"space","space_id":"s1","permission_keys":["authz:*"]},
        {"key":"ply_ak_2.s","level":"instance","permission_keys":[]}],
      "users":[{"id":"u1","email":"U1@example.com","password":"p","status":"active"}],
      "super_administrators":["u1"],
      "spaces":[{"id":"s1","name":"One"},{"id":"s2","status":"disabled"}],
      "groups":[{"id":"g1","space_id":"s1","path":"top"},{"id":"g2","space_id":"s1","path":"top.sub"}],
      "members":[{"id":"m1","space_id":"s1","display_name":"Member"}],
      "user_members":[{"id":"b1","user_id":"u1","member_id":"m1","space_id":"s1","relation_type":"delegate",
        "is_primary":true,"expires_at":"2030-01-01T00:00:00Z"}],
      "roles":[{"id":"r1","key":"reader","space_id":"s1",
        "permissions":[{"resource":"report","action":"read","scope":"group_tree"}]}],
      "grants":[{"member_id":"m1","role_key":"reader","scope_anchor_group_path":"top"}],
      "resources":[{"id":"x","type":"report","space_id":"s1","group_path":"top.sub","metadata":{"a":1}}]}
      """)
    let driver = try KernelDriver(seed)
    let login = driver.login("u1@example.com", "p")
    #expect(login.data.at("actor.user_member_id") == "b1")
    let request: JSONValue = [
      "actor": ["user_id": "u1", "member_id": "m1", "binding_id": "b1", "space_id": "s1"],
      "resource": ["type": "report", "id": "x"], "action": "read",
    ]
    let answer = driver.post("authz/explain", request, ["X-Plystra-API-Key": "ply_ak_1.s"])
    #expect(answer.data["decision"] == "allow")
    #expect(answer.data.at("target.group.path") == "top.sub")
    #expect(answer.data.at("target.resource.metadata.a") == 1)
    #expect(driver.get("audit/logs", ["X-Plystra-API-Key": "ply_ak_2.s"]).status == 403)
  }

  @Test(arguments: [
    ("[]", "expected an object, found an array"),
    (#"{"userz":[]}"#, "userz: there is no such key; known are resource_types, api_keys,"),
    (#"{"users":{}}"#, "users: expected an array, found an object"),
    (#"{"users":null}"#, "users: expected an array, found null"),
    (#"{"resource_types":[]}"#, "resource_types: expected an object, found an array"),
    (#"{"resource_types":{"a":"b"}}"#, "resource_types.a: expected an array, found a string"),
    (#"{"resource_types":{"a":["b",1]}}"#, "resource_types.a[1]: expected a string, found a number"),
    (#"{"registration":"maybe"}"#, #"registration: expected "closed" or "open""#),
    (
      #"{"api_keys":[{"key":"k","level":"group","permission_keys":[]}]}"#,
      #"api_keys[0].level: expected "instance" or "space""#
    ),
    (#"{"api_keys":[{"level":"instance","permission_keys":[]}]}"#, "api_keys[0].key: is required"),
    (#"{"api_keys":[{"key":"k","permission_keys":[]}]}"#, "api_keys[0].level: is required"),
    (#"{"api_keys":[{"key":"k","level":"instance"}]}"#, "api_keys[0].permission_keys: is required"),
    (
      #"{"api_keys":[{"key":"k","level":"space","permission_keys":[]}]}"#,
      "api_keys[0].space_id: is required"
    ),
    (
      #"{"api_keys":[{"key":"k","level":"instance","space_id":"s","permission_keys":[]}]}"#,
      #"api_keys[0].space_id: a key of level "instance" has no space"#
    ),
    (
      #"{"api_keys":[{"key":"k","levle":"space","permission_keys":[]}]}"#,
      "api_keys[0].levle: there is no such key; known are key, level, space_id, permission_keys"
    ),
    (
      #"{"users":[{"id":"u","email":"e","password":7}]}"#,
      "users[0].password: expected a string, found a number"
    ),
    (
      #"{"users":[{"id":" ","email":"e","password":"p"}]}"#,
      "users[0].id: expected a string that is not blank"
    ),
    (
      #"{"users":[{"id":"u","email":"e","password":"p"},{"id":"u","email":"f","password":"p"}]}"#,
      #"users[1].id: "u" as in users[0]"#
    ),
    (
      #"{"users":[{"id":"u","email":"e","password":"p"},{"id":"v","email":" E","password":"p"}]}"#,
      #"users[1].email: "e" as in users[0]"#
    ),
    (
      #"{"user_members":[{"id":"b","user_id":"x","member_id":"member_finance_reviewer","space_id":"space_acme"}]}"#,
      #"user_members[0].user_id: there is no user "x""#
    ),
    (
      #"{"user_members":[{"id":"b","user_id":"user_bob","member_id":"member_finance_reviewer","space_id":"space_acme","expires_at":"soon"}]}"#,
      "user_members[0].expires_at: expected a timestamp"
    ),
    (
      #"{"roles":[{"id":"r","space_id":"s","permissions":[{"resource":"a","action":"b","scope":"all"}]}]}"#,
      #"roles[0].permissions[0].scope: expected "self""#
    ),
    (#"{"grants":[{"member_id":"m"}]}"#, "grants[0].role_id: is required, or role_key in its place"),
    (
      #"{"grants":[{"member_id":"m","role_id":"r"}]}"#, #"grants[0].role_id: there is no role "r""#
    ),
    (
      #"{"grants":[{"member_id":"m","role_key":"finance_approver"}]}"#,
      #"grants[0].member_id: there is no member "m""#
    ),
    (
      #"{"resources":[{"id":"i","type":"t","space_id":"space_acme","group_path":"nowhere"}]}"#,
      #"resources[0].group_path: there is no group "nowhere""#
    ),
    (
      #"{"resources":[{"id":"i","type":"t","space_id":"s"},{"id":"i","type":"t","space_id":"s"}]}"#,
      #"resources[1].id: "t/i" as in resources[0]"#
    ),
    (#"{"super_administrators":["x"]}"#, #"super_administrators[0]: there is no user "x""#),
  ])
  func badFilesAreRefusedByPath(text: String, complaint: String) throws {
    let error = try #require(throws: KernelSeedError.self) { try seed(text) }
    #expect(error.description.hasPrefix(complaint), "\(error)")
  }

  @Test func whatIsNotJSONIsSaidSo() throws {
    let error = try #require(throws: KernelSeedError.self) { try seed("{") }
    #expect(error.description.hasPrefix("not JSON: "))
  }

  @Test func noComplaintQuotesACredential() throws {
    let entry = #"{"key":"ply_ak_topsecret","level":"instance","permission_keys":[]}"#
    for text in [
      #"{"api_keys":[\#(entry),\#(entry)]}"#, #"{"api_keys":[{"key":"ply_ak_topsecret"}]}"#,
      #"{"users":[{"password":"topsecret"}]}"#, #"{"api_keys":["ply_ak_topsecret"]}"#,
    ] {
      let error = try #require(throws: KernelSeedError.self) { try seed(text) }
      #expect(!error.description.contains("topsecret"), "\(error)")
    }
  }

  @Test func aWorldBuiltInSwiftNeverTraps() throws {
    let user = KernelSeed.User(id: "u", email: "e@example.com", password: Secret("p"))
    let seed = KernelSeed(
      resourceTypes: [.init(key: "t", actions: ["a"]), .init(key: "t", actions: ["b"])],
      apiKeys: [.init(key: Secret("k")), .init(key: Secret("k"), permissionKeys: [])],
      users: [user, user], userMembers: [.init(id: "b", userID: "x", memberID: "y", spaceID: "z")],
      grants: [.init(memberID: "m", roleID: "r", scopeAnchorGroupID: "g")])
    let driver = try KernelDriver(seed)
    #expect(driver.get("resource-types", ["X-Plystra-API-Key": "k"]).rows.count == 1)
    #expect(driver.login("e@example.com", "p").code == "ACTIVE_MEMBER_REQUIRED")
  }
}
