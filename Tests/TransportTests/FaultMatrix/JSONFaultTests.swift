import PlystraCore
import TestSupport
import Testing

/// JSON at the edge of what JSON is.
@Suite("Fault matrix: JSON", .timeLimit(.minutes(minutesOfAHang)))
struct JSONFaultTests {
  /// An allow with something else in it, which no decision needs.
  private static func allow(besides extra: String) -> [UInt8] {
    let id = TransportResponse.sampleRequestID
    return Array(#"{"data":{"allow":true,"decision":"allow","extra":\#(extra)},"request_id":"\#(id)"}"#.utf8)
  }

  /// Every call refuses the answer to it, at the first attempt.
  private func expectRefused(
    _ transport: TransportUnderTest, _ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for call in [FaultCall.request, .check, .explain] {
      let error = try await transport.failure(
        of: call, answeredBy: TransportResponse(status: 200, body: body), sourceLocation: sourceLocation)
      #expect(error.kind == .decoding && error.attempts == 1, sourceLocation: sourceLocation)
    }
  }

  /// A low-level request and a check of the same answer both succeed; returns what the former reads as `extra`.
  private func extra(_ transport: TransportUnderTest, _ body: [UInt8]) async throws -> JSONValue? {
    let server = try RawServer.responding(body: body)
    defer { server.stop() }
    return try await transport.run(matrix: server.url) { client in
      try await client.succeed(.check)
      return try await client.plystra.request(APIRequest(path: "/")).data["extra"]
    }
  }

  @Test(
    "Row 37: 2^53 + 1, Int64.min, -0, 1.10, an integer beyond Int64, 1e400",
    arguments: TransportUnderTest.allCases)
  func numbers(_ transport: TransportUnderTest) async throws {
    let numbers = "[9007199254740993,-9223372036854775808,-0,1.10,9223372036854775808]"
    let values = try #require(try await extra(transport, Self.allow(besides: numbers))?.arrayValue)
    #expect(values[0] == .integer(9_007_199_254_740_993))
    #expect(values[1] == .integer(.min))
    #expect(values[2] == .number(-0.0) && values[2].doubleValue?.sign == .minus)
    #expect(values[3] == .number(1.1))
    #expect(values[4] == .number(9_223_372_036_854_775_808))
    try await expectRefused(transport, Self.allow(besides: "1e400"))

    // The same within the metadata of a decision.
    let explained = String(decoding: try Fixtures.body("authz-explain.allow"), as: UTF8.self)
    let server = try RawServer.answering { _, number in
      .text(explained.replacing("1250.75", with: number == 0 ? "9007199254740993" : "-1e400"))
    }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let decision = try await client.plystra.authz.explain(FaultCall.question)
      #expect(decision.trace?.target.resource.metadata?["amount"] == .integer(9_007_199_254_740_993))
      #expect(try await client.failure(of: .explain).kind == .decoding)
    }
  }

  @Test("Row 38: BOM and trailing white space", arguments: TransportUnderTest.allCases)
  func accepted(_ transport: TransportUnderTest) async throws {
    let body = [0xEF, 0xBB, 0xBF] + Self.allow(besides: #""é\ud83d\ude00""#) + Array(" \t\r\n".utf8)
    #expect(try await extra(transport, body) == "é😀")
  }

  @Test(
    "Row 38: trailing bytes; invalid UTF-8 anywhere; lone surrogate",
    arguments: TransportUnderTest.allCases,
    [
      allow(besides: "1") + [UInt8(ascii: "x")], allow(besides: "1") + allow(besides: "1"),
      allow(besides: "1") + [0], [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + allow(besides: "1"),
      replacingMark([0xFF]), replacingMark([0xC3]), replacingMark([0xC0, 0x80]),
      replacingMark([0xED, 0xA0, 0x80]), replacingMark([0xF4, 0x90, 0x80, 0x80]),
      allow(besides: #""\ud800""#), allow(besides: #""\udc00\ud800""#), allow(besides: #"{"\ud800":1}"#),
    ])
  func refused(_ transport: TransportUnderTest, _ body: [UInt8]) async throws {
    try await expectRefused(transport, body)
  }

  /// An allow with some bytes inside a string.
  private static func replacingMark(_ bytes: [UInt8]) -> [UInt8] {
    allow(besides: #""*""#).flatMap { $0 == UInt8(ascii: "*") ? bytes : [$0] }
  }

  @Test("Row 39: nesting 100 / 128", arguments: TransportUnderTest.allCases, [100, 128])
  func nested(_ transport: TransportUnderTest, _ depth: Int) async throws {
    // Two levels are the envelope's and the data's.
    let lists = depth - 2
    let text = String(repeating: "[", count: lists) + String(repeating: "]", count: lists)
    #expect(try await extra(transport, Self.allow(besides: text))?.description == text)
  }

  @Test(
    "Row 39: nesting 129 / 513 / 100,000", arguments: TransportUnderTest.allCases, [129, 513, 100_000])
  func nestedTooDeeply(_ transport: TransportUnderTest, _ depth: Int) async throws {
    let lists = depth - 2
    try await expectRefused(
      transport,
      Self.allow(besides: String(repeating: "[", count: lists) + String(repeating: "]", count: lists)))
    let objects = String(repeating: #"{"a":"#, count: lists)
    try await expectRefused(
      transport, Self.allow(besides: objects + "1" + String(repeating: "}", count: lists)))
  }
}
