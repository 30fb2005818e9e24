import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

/// The client refuses before it sends what the kernel refuses with status 400, and besides only blank texts.
@Suite struct PreflightAgreementTests {
  private func isRefused(_ request: AuthorizationRequest) -> Bool {
    (try? request.validate(forAPIKey: true)) == nil
  }

  /// Whether the kernel refuses it with status 400 when a client sends it without validation.
  private func isRefused(_ request: AuthorizationRequest, by kernel: KernelDriver) throws -> Bool {
    let answer = kernel.send(
      "POST", "authz/check", body: try request.serialized(), headers: KernelDriver.apiKey)
    return answer.status == 400
  }

  @Test func everyVectorIsRefusedBeforehandOrNotAtAll() async throws {
    let lines = try Fixtures.vectors("context-mode")
    #expect(lines.count == 495)
    let kernel = InMemoryKernel()
    let client = try PlystraClient(
      baseURL: "https://plystra.test", apiKey: "ply_kernel_secret", transport: kernel)
    var refused = 0
    for line in lines {
      let vector = try JSONValue(parsing: line)
      let isRefused = vector["expect"]?["status"] == 400
      refused += isRefused ? 1 : 0
      var asked = try #require(vector["request"]?.objectValue)
      // The model has no request without an action; an empty one is as good.
      if asked["action"] == nil { asked["action"] = "" }
      let request = try AuthorizationRequest(parsing: JSONValue.object(asked).serialized())
      do {
        _ = try await client.authz.explain(request)
        #expect(!isRefused, "\(vector)")
      } catch let error as PlystraError {
        #expect(isRefused && error.kind == .invalidRequest && error.attempts == 0, "\(error): \(vector)")
      }
    }
    #expect(refused == 91 && kernel.auditLog.count == 404)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func randomRequestsAreRefusedByBothOrNeither(seed: UInt64) throws {
    let driver = try KernelDriver()
    var random = RandomRequest(seed: seed)
    var counts = (refused: 0, accepted: 0)
    for _ in 0..<rounds(10_000) {
      let request = random.request(blanks: ["", " "])
      let beforehand = isRefused(request)
      guard let byKernel = try? isRefused(request, by: driver) else {
        // It cannot be written.
        #expect(beforehand && request.grants == [] && request.actor == nil, "\(request)")
        continue
      }
      // What the client refuses besides are blank texts, which the kernel takes for absent ones.
      #expect(beforehand || !byKernel, "\(request)")
      let clean = random.request(blanks: [])
      guard let byKernel = try? isRefused(clean, by: driver) else { continue }
      #expect(isRefused(clean) == byKernel, "\(clean)")
      if byKernel { counts.refused += 1 } else { counts.accepted += 1 }
    }
    #expect(counts.refused > rounds(500) && counts.accepted > rounds(500))
  }
}

/// Makes requests of which many are almost right.
private struct RandomRequest {
  private var generator: SplitMix64
  private var blanks: [String] = []

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func request(blanks: [String]) -> AuthorizationRequest {
    self.blanks = blanks
    let hasGrants = oneIn(2)
    let isManaged = !hasGrants && oneIn(2)
    var request = AuthorizationRequest(
      actor: oneIn(20) ? nil : actor(withMetadata: !isManaged), resource: oneIn(20) ? nil : resource(),
      resourceType: rarely("invoice") ?? rarely("report"), resourceID: rarely("invoice_001"),
      action: mostly("approve") ?? "")
    if hasGrants { request.grants = (0..<Int.random(in: 0...3, using: &generator)).map { _ in grant() } }
    return request
  }

  private mutating func actor(withMetadata: Bool) -> ActorContext {
    var actor = ActorContext(
      userID: mostly("user_alice"), memberID: mostly("member_finance_reviewer"),
      spaceID: mostly("space_acme"), bindingID: mostly("um_alice_finance_reviewer"),
      userMemberID: rarely("um_alice_finance_reviewer"))
    guard withMetadata else { return actor }
    actor.userEmail = rarely("a@example.com")
    actor.userStatus = rarely("active")
    actor.memberDisplayName = rarely("M")
    actor.memberStatus = rarely("inactive")
    actor.bindingStatus = rarely(" active")
    actor.relationType = rarely("login")
    actor.spaceName = rarely("S")
    actor.spaceStatus = rarely("active")
    return actor
  }

  private mutating func resource() -> ResourceContext {
    ResourceContext(
      type: mostly("invoice"), id: oneIn(2) ? mostly("invoice_001") : nil,
      externalID: rarely("x"), spaceID: oneIn(4) ? nil : mostly("space_acme"), groupID: rarely("g"),
      groupPath: rarely("finance"), ownerMemberID: rarely("m"), displayName: rarely("D"),
      visibility: rarely("v"), status: rarely("active"), metadata: oneIn(20) ? ["n": 1] : nil)
  }

  private mutating func grant() -> Grant {
    Grant(
      scope: Scope(rawValue: oneIn(40) ? "Space" : mostly("group_tree") ?? ""), resource: rarely("invoice"),
      action: rarely("approve"), roleKey: rarely("r"), spaceID: rarely("space_acme"),
      scopeAnchorGroupPath: rarely("finance"), scopeAnchorGroupID: rarely("g"), roleID: rarely("i"),
      permissionID: rarely("p"))
  }

  private mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }

  /// The text, or once in a while nothing or a blank.
  private mutating func mostly(_ text: String) -> String? {
    guard oneIn(25) else { return text }
    return oneIn(2) ? nil : blanks.randomElement(using: &generator)
  }

  /// Nothing, or once in a while the text or a blank.
  private mutating func rarely(_ text: String) -> String? {
    guard oneIn(5) else { return nil }
    return oneIn(8) ? blanks.randomElement(using: &generator) : text
  }
}
