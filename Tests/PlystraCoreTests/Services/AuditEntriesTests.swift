import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite("The audit log, page by page")
struct AuditEntriesTests {
  private static func page(
    _ ids: [String], cursor: String?, hasMore: Bool = true
  ) -> ScriptedTransport.Step {
    let rows = ids.map { id in
      #"{"id":"\#(id)","action":"invoice.approve","decision":"allow","created_at":"2026-05-06T00:00:00Z"}"#
    }
    let cursor = cursor.map { "\"\($0)\"" } ?? "null"
    return .answer(
      200,
      #"{"data":[\#(rows.joined(separator: ","))],"pagination":{"limit":2,"cursor":\#(cursor),"#
        + #""has_more":\#(hasMore)},"request_id":"\#(Sample.requestID)"}"#)
  }

  private func ids(_ entries: AuditEntries) async throws -> [String] {
    try await entries.reduce(into: []) { $0.append($1.id) }
  }

  @Test("each page is asked for where the last one ended, until there is none")
  func pages() async throws {
    let transport = ScriptedTransport(
      Self.page(["a", "b"], cursor: "one"), Self.page([], cursor: "two"),
      Self.page(["c"], cursor: nil, hasMore: false))
    let entries = try Sample.client(transport).audit.entries(AuditQuery(decision: .allow, limit: 2))
    #expect(try await ids(entries) == ["a", "b", "c"])
    let queries = transport.requests.map { $0.url.split(separator: "?").last.map(String.init) }
    #expect(
      queries == [
        "decision=allow&limit=2", "decision=allow&limit=2&cursor=one", "decision=allow&limit=2&cursor=two",
      ])
  }

  @Test("pages are read no sooner than needed, and by each who goes through them")
  func lazily() async throws {
    let transport = ScriptedTransport(
      Self.page(["a"], cursor: "one"), Self.page(["a"], cursor: nil),
      Self.page([], cursor: nil, hasMore: false),
      Self.page(["b"], cursor: "x", hasMore: false))
    let entries = try Sample.client(transport).audit.entries()
    #expect(transport.requests.isEmpty)
    for try await entry in entries {
      #expect(entry.id == "a")
      break
    }
    #expect(transport.requests.count == 1)
    // A cursor without more is an end; more without a cursor is what is older than the last row.
    #expect(try await ids(entries) == ["a"])
    #expect(try await ids(entries) == ["b"])
    #expect(transport.stepsLeft == 0)
  }

  @Test(
    "a service that sends the client round in circles is an error",
    arguments: [["x", "x"], ["x", "y", "x"]])
  func circles(cursors: [String]) async throws {
    let transport = ScriptedTransport(cursors.map { Self.page(["a"], cursor: $0) }, thenAlways: .answer(500))
    var iterator = try Sample.client(transport).audit.entries().makeAsyncIterator()
    for _ in cursors { #expect(try await iterator.next()?.id == "a") }
    do {
      _ = try await iterator.next()
      Issue.record("the circle was not seen")
    } catch let error as PlystraError {
      #expect(
        error.kind == .decoding && error.requestID == Sample.requestID && error.operation == "audit.list")
    }
  }

  @Test("a failure ends it, and so does a limit out of range")
  func failures() async throws {
    let transport = ScriptedTransport(Self.page(["a"], cursor: "one"), .answer(404, "{}"))
    var iterator = try Sample.client(transport).audit.entries().makeAsyncIterator()
    #expect(try await iterator.next()?.id == "a")
    await #expect(throws: PlystraError.self) { _ = try await iterator.next() }
    #expect(try await iterator.next() == nil)
    let client = try Sample.client(ScriptedTransport())
    let error = try await plystraError { try await ids(client.audit.entries(AuditQuery(limit: 201))) }
    #expect(error.kind == .invalidRequest)
  }

  @Test("a service without cursors is read to its end")
  func kernel() async throws {
    let client = try PlystraClient(
      baseURL: Sample.baseURL, apiKey: "ply_kernel_secret", transport: InMemoryKernel())
    let question = AuthorizationRequest(
      actor: ActorContext(
        userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        userMemberID: "um_alice_finance_reviewer"),
      resource: ResourceContext(type: "invoice", id: "invoice_001", spaceID: "space_acme"), action: "approve")
    for _ in 0..<60 { _ = try await client.authz.check(question) }
    #expect(try await ids(client.audit.entries(AuditQuery(limit: 200))).count == 60)
    #expect(try await ids(client.audit.entries()).count == 60)
  }
}
