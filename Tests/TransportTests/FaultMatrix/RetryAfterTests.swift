import PlystraCore
import TestSupport
import Testing

/// The service says when to come back.
@Suite("Fault matrix: Retry-After", .timeLimit(.minutes(minutesOfAHang)))
struct RetryAfterTests {
  /// What is answered first: the service is busy; then it answers as it should.
  private func server(for call: FaultCall, _ busy: TransportResponse) throws -> RawServer {
    let answer = TransportResponse(status: 200, body: try call.answer)
    return try RawServer.answering { _, number in number == 0 ? busy : answer }
  }

  private static func busy(_ retryAfter: String) -> TransportResponse {
    .text(
      #"{"error":{"code":"AUTH_RATE_LIMITED","message":"busy"}}"#, status: 429,
      headers: ["Retry-After": retryAfter])
  }

  @Test("Row 17: 429 with Retry-After: 1", arguments: TransportUnderTest.allCases, FaultCall.all)
  func oneSecond(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try server(for: call, Self.busy("1"))
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      if call.isReplayable {
        try await client.succeed(call)
        #expect(client.time.waits == [.seconds(1)])
      } else {
        let error = try await client.failure(of: call)
        #expect(error.status == 429 && error.attempts == 1 && error.retryAfter == .seconds(1))
      }
    }
  }

  @Test(
    "Row 18: 429 with Retry-After: 900 on login", arguments: TransportUnderTest.allCases,
    [
      busy("900"),
      TransportResponse(status: 429, body: Array(#"{"error":{"details":{"retry_after_seconds":900}}}"#.utf8)),
    ])
  func lockedLogin(_ transport: TransportUnderTest, _ answer: TransportResponse) async throws {
    let server = try RawServer.answering { _, _ in answer }
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      let login = try #require(FaultCall.documented.first { $0.operation == "auth.login" })
      let error = try await client.failure(of: login)
      #expect(error.status == 429 && error.attempts == 1 && error.retryAfter == .seconds(900))
      #expect(client.time.waits.isEmpty)
    }
    #expect(server.requests.count == 1)
  }

  /// What a client makes of a header.
  enum Reaction: Sendable, Equatable {
    case waits(Duration)
    case fails(Duration)
  }

  private static let jitter = Duration.milliseconds(37)

  static let headers: [(String, Reaction)] = [
    ("Wed, 06 May 2026 00:00:02 GMT", .waits(.seconds(2))),
    ("Tue, 05 May 2026 23:59:59 GMT", .waits(.milliseconds(100))),
    ("0", .waits(.milliseconds(100))),
    ("Wed, 06 May 2026 01:00:00 GMT", .fails(.seconds(3600))),
    ("1000000000", .fails(.seconds(1_000_000_000))),
    ("-1", .waits(jitter)),
    ("inf", .waits(jitter)),
    ("soon", .waits(jitter)),
  ]

  @Test(
    "Row 19: Retry-After as HTTP date / past date / 0 / negative / 1000000000 / inf / text",
    arguments: TransportUnderTest.allCases, headers)
  func header(_ transport: TransportUnderTest, _ row: (text: String, reaction: Reaction)) async throws {
    for call in [FaultCall.version, .check] {
      let server = try server(for: call, Self.busy(row.text))
      defer { server.stop() }
      let time = SkippedTime(jitter: [Self.jitter])
      try await transport.run(matrix: server.url, time: time) { client in
        switch row.reaction {
        case .waits(let wait):
          try await client.succeed(call)
          #expect(time.waits == [wait])
        case .fails(let wait):
          let error = try await client.failure(of: call)
          #expect(error.status == 429 && error.attempts == 1 && error.retryAfter == wait)
          #expect(time.waits.isEmpty)
        }
      }
    }
  }
}
