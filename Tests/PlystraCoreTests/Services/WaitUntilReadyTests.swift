import TestSupport
import Testing

@testable import PlystraCore

@Suite("Waiting until the service is ready (row 16)")
struct WaitUntilReadyTests {
  private let starting = ScriptedTransport.Step.fixture("error.503", status: 503)

  @Test("it is asked until it is, however many times a call would try, with one request id")
  func asksOn() async throws {
    let steps =
      Array(repeating: starting, count: 5) + [
        .failure(.connect, sent: false), .failure(.timeout), .failure(.reset), .answer(502, "<html>"),
        .fixture("ready"),
      ]
    let transport = ScriptedTransport(steps, thenAlways: .failure(.other))
    let time = FakeTime(jitter: [0.5])
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(),
      configuration: PlystraClient.Configuration(retryPolicy: .never), transport: transport,
      timing: time.timing)
    let readiness = try await client.system.waitUntilReady(within: .seconds(60))
    #expect(readiness == (try await Self.readiness()))
    #expect(transport.requests.count == 10)
    #expect(Set(transport.requests.map { $0.headers["X-Request-ID"] }).count == 1)
    let limits: [Duration] = [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000].map { .milliseconds($0) }
    #expect(time.jitterLimits == limits)
    // Never sooner than 100 ms, whatever the jitter.
    #expect(time.sleeps == [.milliseconds(100)] + limits.dropFirst())
  }

  private static func readiness() async throws -> Readiness {
    try await Sample.client(ScriptedTransport(.fixture("ready"))).system.ready()
  }

  @Test("it waits as long as the service asks")
  func retryAfter() async throws {
    let transport = ScriptedTransport(
      .fixture("error.503", status: 503, headers: ["Retry-After": "7"]), .fixture("ready"))
    let time = FakeTime()
    try await Sample.client(transport, time: time).system.waitUntilReady(within: .seconds(60))
    #expect(time.sleeps == [.seconds(7)])
  }

  @Test("when the time is up, the last answer says why")
  func runsOut() async throws {
    let transport = ScriptedTransport(thenAlways: starting)
    let time = FakeTime()
    let client = try Sample.client(transport, time: time)
    let error = try await plystraError { try await client.system.waitUntilReady(within: .seconds(10)) }
    #expect(error.kind == .api && error.status == 503 && error.code == "NOT_READY")
    #expect(error.operation == "system.ready" && error.requestID == "req_01hzyj6b6q8")
    #expect(error.attempts == transport.requests.count && error.attempts > 3)
    #expect(time.elapsed <= .seconds(10))
    // No attempt is given more than is left, nor more than any attempt.
    let timeouts = transport.requests.map(\.timeout)
    #expect(timeouts.allSatisfy { $0 <= .seconds(5) } && timeouts.last.map { $0 < .seconds(3) } == true)
  }

  @Test("the retry budget has no part in it, and is not used up by it")
  func budget() async throws {
    let transport = ScriptedTransport(Array(repeating: starting, count: 30), thenAlways: .fixture("ready"))
    let client = try Sample.client(transport)
    try await client.system.waitUntilReady(within: .seconds(600))
    #expect(client.core.retryBudget.take())
  }

  @Test("what waiting would not mend ends it at once", arguments: [TransportError.Kind.tls, .shutDown])
  func final(kind: TransportError.Kind) async throws {
    let transport = ScriptedTransport(thenAlways: .failure(kind, sent: false))
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.system.waitUntilReady(within: .seconds(10)) }
    #expect((error.underlyingError as? TransportError)?.kind == kind && transport.requests.count == 1)
  }

  @Test("without time nothing is sent", arguments: [Duration.zero, .seconds(-1)])
  func noTime(limit: Duration) async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("ready"))
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.system.waitUntilReady(within: limit) }
    #expect(error.kind == .timeout && error.attempts == 0 && transport.requests.isEmpty)
  }

  @Test("a task that is cancelled stops waiting")
  func cancelled() async throws {
    let transport = ScriptedTransport(thenAlways: starting)
    let time = ManualTime()
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), configuration: PlystraClient.Configuration(),
      transport: transport, timing: time.timing)
    let task = Task { try await client.system.waitUntilReady(within: .seconds(60)) }
    try await time.untilSleeping()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(transport.requests.count == 1)
  }
}
