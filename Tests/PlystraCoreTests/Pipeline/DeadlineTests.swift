import TestSupport
import Testing

@testable import PlystraCore

@Suite("The deadline of a whole call")
struct DeadlineTests {
  /// A server that never answers: each attempt takes all the time it is given.
  private func silence(_ time: FakeTime) -> ScriptedTransport {
    ScriptedTransport(
      thenAlways: .run { request in
        time.advance(by: request.timeout)
        throw TransportError(kind: .timeout, message: "timed out", mayHaveBeenSent: true)
      })
  }

  @Test("each attempt gets what the deadline leaves, and nothing goes beyond it")
  func attemptTimeouts() async throws {
    let time = FakeTime()
    let transport = silence(time)
    let client = try Sample.client(
      transport,
      configuration: PlystraClient.Configuration(deadline: .seconds(10), attemptTimeout: .seconds(4)),
      time: time
    )
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(transport.requests.map(\.timeout) == [.seconds(4), .seconds(4), .milliseconds(1_700)])
    #expect(time.elapsed == .seconds(10))
    #expect(error.kind == .timeout)
    #expect(error.attempts == 3)
    #expect(error.isRetryable)
  }

  @Test("an attempt longer than the deadline is cut to it, and not repeated")
  func shortDeadline() async throws {
    let time = FakeTime()
    let transport = silence(time)
    let client = try Sample.client(transport, time: time).with(deadline: .milliseconds(300))
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(transport.requests.map(\.timeout) == [.milliseconds(300)])
    #expect(error.attempts == 1)
    #expect(time.elapsed == .milliseconds(300))
    #expect(time.sleeps.isEmpty)
  }

  @Test("a wait that the deadline does not leave is not begun")
  func noTimeToWait() async throws {
    let time = FakeTime(jitter: [0.5, 1])
    let transport = ScriptedTransport(thenAlways: .answer(503))
    let client = try Sample.client(transport, time: time).with(deadline: .milliseconds(250))
    let error = try await plystraError { try await client.system.health() }
    #expect(time.sleeps == [.milliseconds(50)])
    #expect(error.attempts == 2)
    #expect(error.status == 503)
    #expect(transport.requests.count == 2)
  }

  @Test("a wait that ends behind the deadline surfaces the last failure")
  func oversleep() async throws {
    let time = FakeTime(oversleep: .seconds(60))
    let transport = ScriptedTransport(thenAlways: .failure(.connect, sent: false))
    let client = try Sample.client(transport, time: time)
    let error = try await plystraError { try await client.auth.login(email: "a", password: "b") }
    #expect(error.kind == .transport)
    #expect(error.attempts == 1)
    #expect((error.underlyingError as? TransportError)?.kind == .connect)
    #expect(transport.requests.count == 1)
  }

  @Test(
    "a deadline that is not more than 0 sends nothing",
    arguments: [Duration.zero, .nanoseconds(-1), .seconds(Int64.min), .seconds(Int64.min) * 18])
  func nothingLeft(deadline: Duration) async throws {
    let transport = ScriptedTransport()
    let client = try Sample.client(transport).with(deadline: deadline)
    let error = try await plystraError { try await client.auth.logout(refreshToken: "x") }
    #expect(error.kind == .timeout)
    #expect(error.operation == "auth.logout")
    #expect(error.requestID == Sample.requestID)
    #expect(error.attempts == 0)
    #expect(error.isRetryable)
    #expect(!error.outcomeUnknown)
    #expect(transport.requests.isEmpty)
  }

  @Test("a deadline as long as there is leaves the attempt its own timeout")
  func longest() async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("health"))
    let longest = Duration.seconds(Int64.max) * 18
    _ = try await Sample.client(transport).with(deadline: longest).system.health()
    _ = try await Sample.client(
      transport, configuration: PlystraClient.Configuration(deadline: longest, attemptTimeout: longest)
    ).system.health()
    #expect(transport.requests.first?.timeout == .seconds(5))
    #expect(try #require(transport.requests.last?.timeout) >= .seconds(365 * 86_400))
  }

  @Test("time that interceptors take is taken from the attempt and from the call")
  func interceptorTime() async throws {
    struct Slow: Interceptor {
      let time: FakeTime
      func intercept(
        _ request: TransportRequest, context: AttemptContext, next: Next
      ) async throws -> TransportResponse {
        time.advance(by: .seconds(4))
        return try await next(request)
      }
    }
    let time = FakeTime(jitter: [0, 0])
    let transport = silence(time)
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(interceptors: [Slow(time: time)]), time: time)
    _ = try await plystraError { try await client.system.health() }
    #expect(transport.requests.map(\.timeout) == [.seconds(1), .seconds(1)])
    #expect(time.elapsed == .seconds(10))
  }

  @Test("time that an observer takes is taken from the call")
  func observerTime() async throws {
    struct Slow: ClientObserver {
      let time: FakeTime
      func observe(_ event: ClientEvent) {
        if event.kind == .callStarted { time.advance(by: .seconds(7)) }
      }
    }
    let time = FakeTime()
    let transport = ScriptedTransport(.fixture("health"))
    let configuration = PlystraClient.Configuration(
      deadline: .seconds(10), attemptTimeout: .seconds(5), observer: Slow(time: time))
    _ = try await Sample.client(transport, configuration: configuration, time: time).system.health()
    #expect(transport.requests.map(\.timeout) == [.seconds(3)])
  }

  @Test("time that a refresh takes is taken from the call")
  func refreshTime() async throws {
    let time = FakeTime()
    let transport = ScriptedTransport(
      .run { _ in
        time.advance(by: .seconds(7))
        return TransportResponse(status: 200, body: try Fixtures.body("auth-refresh"))
      }, .fixture("actor-context"))
    let ended = TokenPair(
      accessToken: Secret("old"), refreshToken: Secret("refresh"), expiresAt: FakeTime.wallClock)
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: ended,
      configuration: PlystraClient.Configuration(deadline: .seconds(10), attemptTimeout: .seconds(5)),
      transport: transport,
      timing: time.timing)
    _ = try await client.actor.context()
    #expect(transport.requests.last?.timeout == .seconds(3))
  }

  @Test("an interceptor that takes all the time of an attempt sends nothing")
  func interceptorTakesAll() async throws {
    struct Endless: Interceptor {
      let time: FakeTime
      func intercept(
        _ request: TransportRequest, context: AttemptContext, next: Next
      ) async throws -> TransportResponse {
        time.advance(by: .seconds(6))
        return try await next(request)
      }
    }
    let time = FakeTime(jitter: [0, 0])
    let transport = ScriptedTransport()
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(interceptors: [Endless(time: time)]), time: time)
    let error = try await plystraError { try await client.auth.login(email: "a", password: "b") }
    #expect(error.kind == .timeout)
    #expect(!error.outcomeUnknown)
    #expect(transport.requests.isEmpty)
  }
}
