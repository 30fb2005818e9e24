import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite("What the service would refuse or misread is refused before anything is sent")
struct PreflightTests {
  static let actor = ActorContext(
    userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
    userMemberID: "um_alice_finance_reviewer")
  static let resource = ResourceContext(
    type: "invoice", id: "invoice_001", spaceID: "space_acme", groupPath: "finance.apac")
  static let valid = AuthorizationRequest(
    actor: actor, resource: resource, grants: [Grant(scope: .space), Grant(scope: .selfOnly)],
    action: "approve")

  /// A valid request with one fault, and the path by which the error must name it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let path: String
    var request = PreflightTests.valid
    var testDescription: String { path }

    init(_ path: String, _ change: (inout AuthorizationRequest) -> Void) {
      self.path = path
      change(&request)
    }
  }

  private func refusal(
    of request: AuthorizationRequest, apiKey: String? = Sample.apiKey
  ) async throws -> PlystraError {
    let transport = ScriptedTransport()
    let client = try Sample.client(
      transport, apiKey: apiKey, accessToken: apiKey == nil ? Sample.accessToken : nil)
    let error = try await plystraError { try await client.authz.check(request) }
    let explained = try await plystraError { try await client.authz.explain(request) }
    #expect(explained.message == error.message && explained.kind == error.kind)
    #expect(transport.requests.isEmpty && error.attempts == 0)
    return error
  }

  static let blanks: [Fault] = ["", " ", "\t\r\n", "\u{A0}\u{2003}"].flatMap { blank in
    [
      Fault("action") { $0.action = blank },
      Fault("resource_type") { $0.resourceType = blank },
      Fault("resource_id") { $0.resourceID = blank },
      Fault("actor.user_id") { $0.actor?.userID = blank },
      Fault("actor.member_id") { $0.actor?.memberID = blank },
      Fault("actor.space_id") { $0.actor?.spaceID = blank },
      Fault("actor.binding_id") { $0.actor?.bindingID = blank },
      Fault("actor.user_member_id") { $0.actor?.userMemberID = blank },
      Fault("actor.user_status") { $0.actor?.userStatus = blank },
      Fault("actor.member_status") { $0.actor?.memberStatus = blank },
      Fault("actor.binding_status") { $0.actor?.bindingStatus = blank },
      Fault("actor.relation_type") { $0.actor?.relationType = blank },
      Fault("actor.space_status") { $0.actor?.spaceStatus = blank },
      Fault("resource.type") { $0.resource?.type = blank },
      Fault("resource.id") { $0.resource?.id = blank },
      Fault("resource.external_id") { $0.resource?.externalID = blank },
      Fault("resource.space_id") { $0.resource?.spaceID = blank },
      Fault("resource.group_id") { $0.resource?.groupID = blank },
      Fault("resource.group_path") { $0.resource?.groupPath = blank },
      Fault("resource.status") { $0.resource?.status = blank },
      Fault("grants[1].scope") { $0.grants?[1].scope = Scope(rawValue: blank) },
      Fault("grants[1].resource") { $0.grants?[1].resource = blank },
      Fault("grants[1].action") { $0.grants?[1].action = blank },
      Fault("grants[1].space_id") { $0.grants?[1].spaceID = blank },
      Fault("grants[1].role_key") { $0.grants?[1].roleKey = blank },
      Fault("grants[1].role_id") { $0.grants?[1].roleID = blank },
      Fault("grants[1].permission_id") { $0.grants?[1].permissionID = blank },
      Fault("grants[1].scope_anchor_group_id") { $0.grants?[1].scopeAnchorGroupID = blank },
      Fault("grants[1].scope_anchor_group_path") { $0.grants?[1].scopeAnchorGroupPath = blank },
    ]
  }

  @Test("a blank text is refused by its path where the service has a default", arguments: blanks)
  func blank(fault: Fault) async throws {
    let error = try await refusal(of: fault.request)
    #expect(error.kind == .invalidRequest)
    #expect(error.message.hasPrefix("\(fault.path): "), "\(error)")
  }

  static let refused = [
    Fault("actor") { $0.actor = nil },
    Fault("actor.user_id") { $0.actor?.userID = nil },
    Fault("actor.member_id") { $0.actor?.memberID = nil },
    Fault("actor.space_id") { $0.actor?.spaceID = nil },
    Fault("actor.user_member_id") { $0.actor?.userMemberID = nil },
    Fault("resource") { $0.resource = nil },
    Fault("resource") { $0.resource = ResourceContext(type: "invoice", id: "invoice_001") },
    Fault("resource.type") { $0.resource?.type = nil },
    Fault("resource.type") { $0.resourceType = "report" },
    Fault("resource.id") { $0.resource?.id = nil },
    Fault("resource.space_id") { $0.resource?.spaceID = nil },
    Fault("grants[1].scope") { $0.grants?[1].scope = "Space" },
    Fault("grants[0].scope") { $0.grants?[0].scope = " space" },
    Fault("grants") {
      $0.grants = []
      $0.actor = nil
    },
    // Managed mode.
    Fault("actor.member_id") {
      $0.grants = nil
      $0.actor?.memberID = nil
    },
    Fault("resource.space_id") {
      $0.grants = nil
      $0.resource?.spaceID = nil
    },
    Fault("resource_type") {
      $0.grants = nil
      $0.resource = nil
    },
    Fault("resource_id") {
      $0.grants = nil
      $0.resource = ResourceContext(type: "invoice")
    },
  ]

  @Test("what the service refuses with status 400 is refused by its path", arguments: refused)
  func invalid(fault: Fault) async throws {
    let error = try await refusal(of: fault.request)
    #expect(error.kind == .invalidRequest)
    #expect(error.message.hasPrefix("\(fault.path): "), "\(error)")
  }

  @Test("a request with an API key must name an actor, which a session may leave out")
  func noActor() async throws {
    let request = AuthorizationRequest(resourceType: "invoice", resourceID: "invoice_001", action: "approve")
    let error = try await refusal(of: request)
    #expect(error.kind == .invalidRequest && error.message.hasPrefix("actor: "))
    let transport = ScriptedTransport(thenAlways: .fixture("authz-check.allow"))
    let session = try Sample.client(transport, apiKey: nil, accessToken: Sample.accessToken)
    _ = try await session.authz.check(request)
    #expect(transport.requests.count == 1)
  }

  @Test("one of many that is invalid keeps them all from being sent")
  func checkAll() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("authz-check.allow"))
    let client = try Sample.client(transport)
    var requests = [AuthorizationRequest](repeating: Self.valid, count: 5)
    requests[3].grants = [Grant(scope: .space, action: " ")]
    let error = try await plystraError { [requests] in try await client.authz.checkAll(requests) }
    #expect(error.kind == .invalidRequest && error.message.hasPrefix("requests[3].grants[0].action: "))
    requests[3] = Self.valid
    requests[4].resource?.metadata = ["list": [1, .number(.nan)]]
    let unwritable = try await plystraError { [requests] in try await client.authz.checkAll(requests) }
    #expect(unwritable.message.hasPrefix("requests[4].resource.metadata.list[1]: "))
    #expect(transport.requests.isEmpty)
  }

  @Test("a name that is blank is left out, and makes no Context Mode")
  func blankNames() async throws {
    var request = Self.valid
    request.grants = nil
    request.resource = ResourceContext(type: "invoice", id: "invoice_001", displayName: " ")
    for blank in ["", " \n"] {
      request.actor?.memberDisplayName = blank
      request.actor?.spaceName = blank
      let transport = ScriptedTransport(thenAlways: .allowed)
      let session = try Sample.client(transport, apiKey: nil, accessToken: Sample.accessToken)
      _ = try await session.authz.check(request)
      let text = try #require(transport.requests.first?.text)
      #expect(!text.contains("name"), "\(text)")
    }
  }
}
