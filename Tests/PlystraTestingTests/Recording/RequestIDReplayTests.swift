import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

@Suite("Replays name the request ids of the replay")
struct RequestIDReplayTests {
  private static let question = AuthorizationRequest(
    actor: ActorContext(
      userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      bindingID: "um_alice_finance_reviewer"),
    resourceType: "invoice", resourceID: "invoice_001", action: "approve")

  private static func client(_ transport: any HTTPTransport) throws -> PlystraClient {
    try PlystraClient(baseURL: "http://localhost", apiKey: "ply_kernel_secret", transport: transport)
  }

  /// Asks a question, then for the audit rows of its request id; returns both ids, as the service told them.
  private static func run(_ plystra: PlystraClient) async throws -> [String?] {
    let decision = try await plystra.authz.check(question)
    let rows = try await plystra.audit.list(AuditQuery(requestID: decision.requestID))
    return [decision.requestID] + rows.map(\.requestID)
  }

  @Test("an id that the application asks with later is the one that the replay sent")
  func laterUse() async throws {
    let folder = try TemporaryFolder()
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: folder.file("ids.har"))
    _ = try await Self.run(try Self.client(recording).withRequestID("req_recorded"))
    try await recording.finish()
    let fixture = try FixtureTransport(contentsOf: folder.file("ids.har"))
    let ids = try await Self.run(try Self.client(fixture).withRequestID("req_live"))
    #expect(ids == ["req_live", "req_live"])
    try fixture.verify()
  }

  @Test("only whole texts are replaced, wherever escapes are")
  func wholeTexts() throws {
    var binding = RequestIDBinding()
    binding.bind("live", to: "old")
    let body = #"{"a":"old","b":"older","c":"\"old\"","d":"","old":["old","x\\"]}"#
    let response = TransportResponse(status: 200, headers: ["X-Request-ID": "old"], body: Array(body.utf8))
    let renamed = binding.renamed(response)
    #expect(
      String(decoding: renamed.body, as: UTF8.self)
        == #"{"a":"live","b":"older","c":"\"old\"","d":"","live":["live","x\\"]}"#)
    #expect(renamed.headers["X-Request-ID"] == "live")
    let cut = TransportResponse(status: 200, body: Array(#"{"a":"old","b":"ol"#.utf8))
    #expect(String(decoding: binding.renamed(cut).body, as: UTF8.self) == #"{"a":"live","b":"ol"#)
  }
}
