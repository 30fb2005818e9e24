import TestSupport
import Testing

@testable import PlystraCore

@Suite("Cancellation (row 48)", .timeLimit(.minutes(minutesOfAHang)))
struct CancellationTests {
  private struct Foreign: Error {}

  /// Cancels the task that runs this.
  private static func cancelMyself() { withUnsafeCurrentTask { $0?.cancel() } }

  /// How a call in a task of its own ends, which may cancel itself.
  private func result(
    of call: @escaping @Sendable () async throws -> any Sendable
  ) async -> Result<any Sendable, any Error> { await Task { try await call() }.result }

  @Test("before sending: nothing is sent", arguments: CallCase.all)
  func before(call: CallCase) async throws {
    let transport = ScriptedTransport()
    let client = try Sample.client(transport, accessToken: Sample.accessToken)
    let result = await result {
      Self.cancelMyself()
      return try await call.run(client)
    }
    #expect(throws: CancellationError.self) { _ = try result.get() }
    #expect(transport.requests.isEmpty)
  }

  static let failures: [@Sendable () throws -> TransportResponse] = [
    { throw CancellationError() },
    { throw TransportError(kind: .other, message: "cancelled", mayHaveBeenSent: true) },
    { throw TransportError(kind: .connect, message: "cancelled", mayHaveBeenSent: false) },
    { throw TransportError(kind: .timeout, message: "cancelled", mayHaveBeenSent: true) },
    { throw Foreign() },
    { throw PlystraError(kind: .configuration, message: "cancelled") },
    { TransportResponse(status: 503) },
    { TransportResponse(status: 400, body: Array("{}".utf8)) },
    { TransportResponse(status: 200, body: Array("{".utf8)) },
    { TransportResponse(status: 200) },
  ]

  @Test(
    "while the transport works: whatever it makes of it, there is no other error and no further attempt",
    arguments: CallCase.all, [true, false])
  func during(call: CallCase, hasInterceptor: Bool) async throws {
    for failure in Self.failures {
      let time = FakeTime()
      let transport = ScriptedTransport(
        .run { _ in
          Self.cancelMyself()
          return try failure()
        })
      let client = try Sample.client(
        transport, accessToken: Sample.accessToken,
        configuration: PlystraClient.Configuration(
          interceptors: hasInterceptor ? [Hook { request, _, next in try await next(request) }] : []),
        time: time)
      let result = await result { try await call.run(client) }
      #expect(throws: CancellationError.self) { _ = try result.get() }
      #expect(transport.requests.count == 1)
      #expect(time.sleeps.isEmpty)
    }
  }

  @Test("in an interceptor: whatever it throws", arguments: [0, 1, 2])
  func inInterceptor(way: Int) async throws {
    let transport = ScriptedTransport()
    let hook = Hook { request, _, _ in
      Self.cancelMyself()
      switch way {
      case 0: throw CancellationError()
      case 1: throw Foreign()
      default: return TransportResponse(status: 500)
      }
    }
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(interceptors: [hook]))
    let result = await result { try await client.authz.check(Sample.question) }
    #expect(throws: CancellationError.self) { _ = try result.get() }
  }

  @Test("while waiting for the next attempt: there is none")
  func duringBackoff() async throws {
    let transport = ScriptedTransport(.answer(503))
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: Secret("key")),
      configuration: PlystraClient.Configuration(deadline: .seconds(7_200)), transport: transport,
      timing: Timing(sleep: { _ in
        Self.cancelMyself()
        try await Task.sleep(for: .seconds(3_600))
      }))
    let result = await result { try await client.authz.check(Sample.question) }
    #expect(throws: CancellationError.self) { _ = try result.get() }
    #expect(transport.requests.count == 1)
  }

  @Test("from outside, while the transport waits: at once")
  func fromOutside() async throws {
    let (starts, started) = AsyncStream<Void>.makeStream()
    let transport = ScriptedTransport(
      .run { _ in
        started.yield()
        try await Task.sleep(for: .seconds(3_600))
        return TransportResponse(status: 200)
      })
    let client = try PlystraClient(baseURL: Sample.baseURL, apiKey: "key", transport: transport)
    let task = Task { try await client.authz.check(Sample.question) }
    for await _ in starts { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(transport.requests.count == 1)
  }

  @Test("an answer that is already there is returned: tokens must not be lost")
  func answered() async throws {
    let transport = ScriptedTransport(
      .run { _ in
        Self.cancelMyself()
        return TransportResponse(status: 200, body: try Fixtures.body("auth-refresh"))
      })
    let client = try Sample.client(transport)
    let result = await result { try await client.auth.refresh(refreshToken: "ply_rt_1") }
    #expect(throws: Never.self) { _ = try result.get() }
  }
}
