import TestSupport
import Testing

@testable import PlystraCore

@Suite("The retry budget of a client and its copies (row 50)")
struct RetryBudgetTests {
  private func fail(_ client: PlystraClient, times: Int) async throws -> Int {
    var attempts = 0
    for _ in 0..<times {
      attempts += try await plystraError { try await client.authz.check(Sample.question) }.attempts
    }
    return attempts
  }

  @Test("against a dead server, ten retries are made in all, then one attempt a call")
  func deadServer() async throws {
    let transport = ScriptedTransport(thenAlways: .failure(.connect, sent: false))
    let client = try Sample.client(transport)
    #expect(try await fail(client, times: 5) == 15)
    #expect(try await fail(client.withRequestID("copy"), times: 500) == 500)
    #expect(
      try await fail(client.with(retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 10)), times: 495)
        == 495)
    #expect(transport.requests.count <= 1_100)
  }

  @Test("a success gives back a tenth of a retry, up to ten retries")
  func recovery() async throws {
    let isDead = Locked(true)
    let transport = ScriptedTransport(
      thenAlways: .run { _ in
        if isDead.withLock({ $0 }) {
          throw TransportError(kind: .reset, message: "reset", mayHaveBeenSent: true)
        }
        return TransportResponse(status: 200, body: try Fixtures.body("authz-check.allow"))
      })
    let client = try Sample.client(transport)
    _ = try await fail(client, times: 5)
    #expect(try await fail(client, times: 1) == 1)

    func succeed(times: Int) async throws {
      isDead.withLock { $0 = false }
      for _ in 0..<times { _ = try await client.authz.check(Sample.question) }
      isDead.withLock { $0 = true }
    }
    try await succeed(times: 9)
    #expect(try await fail(client, times: 1) == 1)
    try await succeed(times: 1)
    #expect(try await fail(client, times: 2) == 3)
    try await succeed(times: 1_000)
    #expect(try await fail(client, times: 6) == 16)
  }

  @Test("a retry that is not made costs nothing")
  func unusedRetries() async throws {
    let transport = ScriptedTransport(thenAlways: .answer(503))
    let time = FakeTime()
    let client = try Sample.client(transport, time: time)
    _ = try await fail(client.with(retryPolicy: .never), times: 20)
    _ = try await fail(client.with(deadline: .milliseconds(1)), times: 20)
    for _ in 0..<20 {
      _ = try await plystraError { try await client.auth.logout(refreshToken: "ply_rt_1") }
    }
    #expect(try await fail(client, times: 6) == 16)
  }

  @Test("clients made apart do not share theirs")
  func separateClients() async throws {
    let transport = ScriptedTransport(thenAlways: .answer(503))
    _ = try await fail(Sample.client(transport), times: 20)
    #expect(try await fail(Sample.client(transport), times: 5) == 15)
  }
}
