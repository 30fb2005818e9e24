import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite("Many questions at once")
struct CheckAllTests {
  private static func question(_ number: Int, _ action: String = "approve") -> AuthorizationRequest {
    AuthorizationRequest(
      actor: ActorContext(
        userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        userMemberID: "um_alice_finance_reviewer"),
      resource: ResourceContext(
        type: "invoice", id: "invoice_\(number)", spaceID: "space_acme",
        groupPath: number.isMultiple(of: 3) ? "finance.apac" : "legal.emea"), action: action)
  }

  private func client(_ transport: any HTTPTransport) throws -> PlystraClient {
    try PlystraClient(baseURL: Sample.baseURL, apiKey: "ply_kernel_secret", transport: transport)
  }

  @Test("every decision is in the place of its question", arguments: [1, 2, 16, 1_000])
  func order(concurrency: Int) async throws {
    let client = try client(InMemoryKernel())
    let questions = (0..<200).map { Self.question($0) }
    let decisions = try await client.authz.checkAll(questions, maximumConcurrency: concurrency)
    #expect(decisions.map(\.isAllowed) == (0..<200).map { $0.isMultiple(of: 3) })
    #expect(Set(decisions.map(\.auditLogID)).count == 200)
  }

  @Test("no more are under way than may be, and as many as may be", arguments: [1, 7])
  func bounded(concurrency: Int) async throws {
    let counts = Locked((now: 0, most: 0, all: 0))
    let transport = ScriptedTransport(
      thenAlways: .run { _ in
        counts.withLock { counts in
          counts.now += 1
          counts.all += 1
          counts.most = max(counts.most, counts.now)
        }
        while counts.withLock({ $0.most < concurrency && $0.all < 50 }) { await Task.yield() }
        counts.withLock { $0.now -= 1 }
        return TransportResponse(
          status: 200,
          body: Array(
            #"{"data":{"decision":"allow"},"request_id":"\#(TransportResponse.sampleRequestID)"}"#.utf8))
      })
    let questions = (0..<50).map { Self.question($0) }
    let decisions = try await client(transport).authz.checkAll(questions, maximumConcurrency: concurrency)
    #expect(decisions.count == 50 && counts.withLock { $0.most } == concurrency)
  }

  @Test("no question needs no service")
  func none() async throws {
    let transport = ScriptedTransport()
    #expect(try await client(transport).authz.checkAll([]).isEmpty)
    #expect(transport.requests.isEmpty)
  }

  @Test("one that cannot be asked is named, and none is sent")
  func invalid() async throws {
    let transport = ScriptedTransport()
    let client = try client(transport)
    let questions = [Self.question(0), Self.question(1), Self.question(2, "")]
    let error = try await plystraError { try await client.authz.checkAll(questions) }
    #expect(error.kind == .invalidRequest && error.message.contains("requests[2].action"))
    let none = try await plystraError { try await client.authz.checkAll(questions, maximumConcurrency: 0) }
    #expect(none.kind == .invalidRequest && none.message.contains("maximumConcurrency"))
    #expect(transport.requests.isEmpty)
  }

  @Test("a failure ends them all")
  func failure() async throws {
    let transport = ScriptedTransport(
      [.fixture("authz-check.allow"), .answer(403, #"{"error":{"code":"ADMIN_PERMISSION_REQUIRED"}}"#)],
      thenAlways: .run { _ in
        try await Task.sleep(for: .seconds(600))
        throw CancellationError()
      })
    let client = try client(transport)
    let questions = (0..<20).map { Self.question($0) }
    let error = try await plystraError { try await client.authz.checkAll(questions, maximumConcurrency: 4) }
    #expect(error.code == .adminPermissionRequired && transport.requests.count < 20)
  }

  @Test("a cancelled caller cancels them all")
  func cancelled() async throws {
    let started = try Gate()
    let transport = ScriptedTransport(
      thenAlways: .run { _ in
        started.open()
        try await Task.sleep(for: .seconds(600))
        throw CancellationError()
      })
    let client = try client(transport)
    let task = Task { try await client.authz.checkAll((0..<20).map { Self.question($0) }) }
    try await started.waitUntilOpen()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(transport.requests.count <= 16)
  }
}
