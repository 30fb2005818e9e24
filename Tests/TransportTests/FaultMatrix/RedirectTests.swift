import PlystraCore
import TestSupport
import Testing

/// Answers that send the client elsewhere.
@Suite("Fault matrix: redirects", .timeLimit(.minutes(minutesOfAHang)))
struct RedirectTests {
  @Test(
    "Row 41: 301, 302, 303, 307, 308", arguments: TransportUnderTest.allCases, [301, 302, 303, 307, 308])
  func notFollowed(_ transport: TransportUnderTest, _ status: Int) async throws {
    let thief = try RawServer.responding(body: try FaultCall.check.answer)
    defer { thief.stop() }
    let places = [
      "/elsewhere", "\(thief.url)/api/v1/authz/check", "https://127.0.0.1:\(thief.port)/",
      "//127.0.0.1:\(thief.port)/",
    ]
    for call in FaultCall.all {
      let server = try RawServer.answering { _, number in
        TransportResponse(status: status, headers: ["Location": places[number % places.count]])
      }
      defer { server.stop() }
      try await transport.run(matrix: server.url) { client in
        for _ in places {
          let error = try await client.failure(of: call)
          #expect(error.kind == .api && error.status == status && error.attempts == 1)
        }
      }
      #expect(server.requests.count == places.count)
    }
    #expect(thief.connectionCount == 0)
  }

  @Test("Row 41: the envelope of a redirect is read as any other", arguments: TransportUnderTest.allCases)
  func envelope(_ transport: TransportUnderTest) async throws {
    let error = try await transport.failure(
      of: .check,
      answeredBy: .text(
        #"{"error":{"code":"MOVED","message":"use another path"},"request_id":"req_1"}"#, status: 308,
        headers: ["Location": "/elsewhere"]))
    #expect(error.code == "MOVED" && error.message == "use another path" && error.requestID == "req_1")
  }
}
