import TestSupport
import Testing

@testable import PlystraCore

@Suite("Request ids (row 44)")
struct RequestIDTests {
  @Test(
    "what the service would replace is refused before anything is sent",
    arguments: [
      "", "a\r", "a\n", "a b", " a", "a\t", "a\"b", "a'b", "a\\b", "é", "a\0", "a\u{7F}", "a\u{301}",
      String(repeating: "x", count: 129),
    ])
  func refused(id: String) throws {
    let client = try PlystraClient(baseURL: Sample.baseURL, transport: ScriptedTransport())
    let error = try plystraError { try client.withRequestID(id) }
    #expect(error.kind == .invalidRequest)
    #expect(error.message.hasPrefix("requestID: "))
  }

  @Test("128 characters of every accepted kind go out verbatim")
  func verbatim() async throws {
    let accepted = (33...126).filter { ![0x22, 0x27, 0x5C].contains($0) }.map { UInt8($0) }
    let id = String(decoding: (accepted + accepted).prefix(128), as: UTF8.self)
    let transport = ScriptedTransport(.fixture("health"))
    _ = try await PlystraClient(baseURL: Sample.baseURL, transport: transport).withRequestID(id).system
      .health()
    #expect(transport.requests.map { $0.headers.values(of: "X-Request-ID") } == [[id]])
  }

  @Test("generated ids are accepted, and no two are the same")
  func generated() throws {
    let ids = (0..<10_000).map { _ in RequestID.generate() }
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(try RequestID.validated(id) == id) }
    // Every position but the prefix varies over the whole alphabet.
    for position in 4..<24 { #expect(Set(ids.map { Array($0.utf8)[position] }).count == 32) }
  }

  @Test("the ids of clients are accepted, and no two are the same")
  func sequences() throws {
    let sequences = (RequestID.Sequence(), RequestID.Sequence())
    let ids = (0..<5_000).flatMap { [sequences.0[$0], sequences.1[$0]] }
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(try RequestID.validated(id) == id) }
    for position in 4..<24 { #expect(Set(ids.map { Array($0.utf8)[position] }).count == 32) }
  }

  @Test("a client without an id of its own makes a new one for each call")
  func newForEachCall() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("health"))
    let client = try PlystraClient(baseURL: Sample.baseURL, transport: transport)
    for _ in 0..<3 { _ = try await client.system.health() }
    let ids = transport.requests.compactMap { $0.headers["X-Request-ID"] }
    #expect(Set(ids).count == 3)
    #expect(ids.allSatisfy { $0.hasPrefix("req_") && $0.utf8.count == 24 })
  }

  @Test("one call keeps one id over its attempts, generated or given", arguments: [true, false])
  func overAttempts(isGiven: Bool) async throws {
    let transport = ScriptedTransport(
      .failure(.connect, sent: false), .answer(503), .fixture("authz-check.allow"))
    var client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: Secret("key")),
      configuration: PlystraClient.Configuration(), transport: transport, timing: FakeTime().timing)
    if isGiven { client = try client.withRequestID("mine") }
    _ = try await client.authz.check(Sample.question)
    let ids = transport.requests.compactMap { $0.headers["X-Request-ID"] }
    #expect(ids.count == 3)
    #expect(Set(ids).count == 1)
    if isGiven { #expect(ids.first == "mine") }
  }
}
