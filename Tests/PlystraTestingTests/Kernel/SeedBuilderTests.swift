import PlystraCore
import PlystraTesting
import Testing

extension KernelSeed {
  /// The world of the builder's documentation.
  fileprivate static func acme() throws -> KernelSeed {
    try KernelSeed {
      ResourceType("invoice", "approve", "reject")
      APIKey("ply_ak_test.secret")
      User("alice")
      Space("acme") {
        Group("finance") {
          Group("apac") { Resource("invoice", "invoice_001") }
        }
        Role("approver") { Permission("invoice", "approve", .groupTree) }
        Member("reviewer") {
          UserMember("alice")
          Grant("approver", at: "finance")
        }
      }
    }
  }
}

/// Worlds that are built as a tree.
@Suite struct SeedBuilderTests: KernelSeedNames {
  @Test func thingsBelongToWhatTheyStandIn() throws {
    let seed = try KernelSeed.acme()
    #expect(seed.groups.map(\.path) == ["finance", "finance.apac"])
    #expect(seed.groups.map(\.id) == ["acme/finance", "acme/finance.apac"])
    #expect(seed.groups.allSatisfy { $0.spaceID == "acme" })
    #expect(seed.resources.first?.groupID == "acme/finance.apac" && seed.resources.first?.spaceID == "acme")
    #expect(seed.roles.first?.id == "acme/approver" && seed.roles.first?.spaceID == "acme")
    #expect(seed.members.first?.spaceID == "acme")
    #expect(seed.userMembers.first?.id == "alice@reviewer" && seed.userMembers.first?.spaceID == "acme")
    #expect(seed.grants.first?.memberID == "reviewer" && seed.grants.first?.roleID == "acme/approver")
    #expect(seed.grants.first?.scopeAnchorGroupID == "acme/finance")
    #expect(seed.users.first?.email == "alice@example.com")
    #expect(seed.resourceTypes.first?.actions == ["approve", "reject"])
  }

  @Test func theWorldDecides() async throws {
    let kernel = try InMemoryKernel(seed: .acme())
    let plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_ak_test.secret", transport: kernel)
    let decision = try await plystra.authz.check(
      AuthorizationRequest(
        actor: ActorContext(
          userID: "alice", memberID: "reviewer", spaceID: "acme", bindingID: "alice@reviewer"),
        resourceType: "invoice", resourceID: "invoice_001", action: "approve"))
    #expect(decision.isAllowed)
    let session = try await plystra.auth.login(email: "alice@example.com", password: "plystra-demo")
    #expect(session.user.id == "alice")
  }

  @Test func partsMayDependOnConditionsAndLoops() throws {
    func seed(isLarge: Bool) throws -> KernelSeed {
      try KernelSeed {
        Space("acme") {
          for name in ["finance", "legal"] { Group(name) }
          if isLarge {
            Group("sales") { Group("emea.dach") }
          } else {
            Group("office")
          }
          if isLarge { Member("boss") }
        }
        Registration.open
      }
    }
    #expect(try seed(isLarge: true).groups.map(\.path) == ["finance", "legal", "sales", "sales.emea.dach"])
    #expect(try seed(isLarge: false).groups.map(\.path) == ["finance", "legal", "office"])
    #expect(try seed(isLarge: true).members.count == 1)
    #expect(try seed(isLarge: false).registration == .open)
  }

  @Test func aKeyInASpaceReachesThatSpace() throws {
    let seed = try KernelSeed {
      APIKey("ply_ak_everywhere.x")
      Space("acme") { APIKey("ply_ak_acme.x", permissionKeys: ["authz:check"]) }
    }
    #expect(seed.apiKeys.map(\.level) == [.instance, .space("acme")])
    #expect(seed.apiKeys.map(\.permissionKeys) == [["*"], ["authz:check"]])
  }

  @Test func anotherSeedAndPlainValuesMayStandAmongTheParts() throws {
    let seed = try KernelSeed {
      KernelSeed.demo
      User("carol", isSuperAdministrator: true)
      Group(id: "group_sales", spaceID: "space_acme", path: "sales")
      Member(id: "member_sales", spaceID: "space_acme")
      UserMember(id: "um_carol", userID: "carol", memberID: "member_sales", spaceID: "space_acme")
      Grant(memberID: "member_sales", roleID: "role_finance_approver", scopeAnchorGroupID: "group_sales")
      Resource(id: "invoice_003", type: "invoice", spaceID: "space_acme", groupID: "group_sales")
    }
    #expect(seed.users.map(\.id) == ["user_alice", "user_bob", "carol"])
    #expect(seed.superAdministrators == ["user_alice", "carol"])
    #expect(seed.grants.count == 2 && seed.resources.count == 3 && seed.groups.count == 4)
  }

  @Test func whatNamesNothingIsRefused() throws {
    let seeds: [(complaint: String, seed: () throws -> KernelSeed)] = [
      (
        #"members[reviewer].grants[aprover]: there is no role "aprover" in the space acme; known: approver"#,
        {
          try KernelSeed {
            Space("acme") {
              Role("approver") { Permission("invoice", "approve", .space) }
              Member("reviewer") { Grant("aprover") }
            }
          }
        }
      ),
      (
        #"members[m].grants[r]: there is no group "finanse" in the space acme; known: finance"#,
        {
          try KernelSeed {
            Space("acme") {
              Group("finance")
              Role("r") { Permission("invoice", "approve", .group) }
              Member("m") { Grant("r", at: "finanse") }
            }
          }
        }
      ),
      (
        #"user_members[0].user_id: there is no user "alise""#,
        { try KernelSeed { Space("acme") { Member("m") { UserMember("alise") } } } }
      ),
      (
        #"spaces[1].id: "acme" as in spaces[0]"#,
        {
          try KernelSeed {
            Space("acme"); Space("acme")
          }
        }
      ),
      ("a Group stands outside of any Space", { try KernelSeed { Group("finance") } }),
      ("a Resource stands outside of any Space", { try KernelSeed { Resource("invoice", "i") } }),
      (
        "a Role stands outside of any Space",
        { try KernelSeed { Role("r") { Permission("a", "b", .space) } } }
      ),
      ("a Member stands outside of any Space", { try KernelSeed { Member("m") } }),
      ("a Grant stands outside of any Member", { try KernelSeed { Grant("r") } }),
      ("a UserMember stands outside of any Member", { try KernelSeed { UserMember("alice") } }),
      (
        #"groups[0].space_id: there is no space "x""#,
        { try KernelSeed { Group(id: "g", spaceID: "x", path: "p") } }
      ),
    ]
    for (complaint, seed) in seeds {
      let error = try #require(throws: KernelSeedError.self) { try seed() }
      #expect(error.description.hasPrefix(complaint), "\(error)")
      #expect(error.line == nil)
    }
  }

  @Test func theDemoDataHoldsTogether() throws { try KernelSeed.demo.validate() }

  @Test func validationFindsWhatAKernelOverlooks() throws {
    var seed = KernelSeed.demo
    seed.grants[0].scopeAnchorGroupID = "group_nowhere"
    let error = try #require(throws: KernelSeedError.self) { try seed.validate() }
    #expect(error.path == "grants[0].scope_anchor_group_id")
  }
}
