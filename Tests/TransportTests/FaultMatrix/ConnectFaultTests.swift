import PlystraCore
import TestSupport
import Testing

/// Nobody is there.
@Suite("Fault matrix: connecting", .timeLimit(.minutes(minutesOfAHang)))
struct ConnectFaultTests {
  @Test("Row 1: connection refused, three times", arguments: TransportUnderTest.allCases, FaultCall.all)
  func refusedThrice(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let port = try LoopbackPort()
    let time = SkippedTime(jitter: [.milliseconds(37), .milliseconds(153)])
    let error = try await transport.run(matrix: port.url, time: time) { try await $0.failure(of: call) }
    #expect(error.kind == .transport && error.attempts == 3)
    #expect(error.isRetryable && !error.outcomeUnknown)
    let cause = try #require(error.underlyingError as? TransportError)
    #expect(cause.kind == .connect && !cause.mayHaveBeenSent && cause.underlyingError != nil)
    #expect(time.jitterLimits == [.milliseconds(100), .milliseconds(200)])
    #expect(time.waits == [.milliseconds(37), .milliseconds(153)])
  }

  @Test("Row 2: refused once, then 200", arguments: TransportUnderTest.allCases, FaultCall.all)
  func refusedOnce(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let port = try LoopbackPort()
    let opened = Locked<RawServer?>(nil)
    defer { opened.withLock { $0 }?.stop() }
    let answer = TransportResponse(status: 200, body: try call.answer)
    let time = SkippedTime(jitter: [.milliseconds(37)]) { _ in
      let server = try RawServer.answering(at: port) { _, _ in answer }
      opened.withLock { $0 = server }
    }
    let witness = AttemptWitness()
    var configuration = PlystraClient.Configuration.patient
    configuration.interceptors = [witness]
    try await transport.run(matrix: port.url, configuration: configuration, time: time) { client in
      try await client.succeed(call)
    }
    #expect(time.waits == [.milliseconds(37)])
    #expect(witness.attempts.map(\.number) == [1, 2])
    let ids = witness.attempts.map(\.requestID)
    #expect(ids[0] != nil && ids[0] == ids[1])
    let requests = try #require(opened.withLock { $0 }).requests
    #expect(requests.count == 1 && requests.first?.headers["X-Request-ID"] == ids[0])
  }

  /// Longer than any name may be, so that no name server needs to be asked.
  private static let namelessHost =
    String(repeating: String(repeating: "a", count: 63) + ".", count: 4) + "invalid"

  @Test("Row 3: host name does not resolve", arguments: TransportUnderTest.allCases, FaultCall.all)
  func doesNotResolve(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let url = "https://\(Self.namelessHost)"
    let time = SkippedTime(jitter: [.milliseconds(37), .milliseconds(153)])
    let error = try await transport.run(matrix: url, time: time) { try await $0.failure(of: call) }
    #expect(error.kind == .transport && error.attempts == 3 && !error.outcomeUnknown)
    let cause = try #require(error.underlyingError as? TransportError)
    #expect(cause.kind == .resolve && !cause.mayHaveBeenSent)
    #expect(time.waits == [.milliseconds(37), .milliseconds(153)])

    // The second wait would outlast the deadline.
    let impatient = SkippedTime(jitter: [.milliseconds(37), .seconds(3600)])
    let early = try await transport.run(matrix: url, time: impatient) { try await $0.failure(of: call) }
    #expect((early.underlyingError as? TransportError)?.kind == .resolve)
    #expect(early.attempts == 2 && impatient.waits == [.milliseconds(37)])
  }

  @Test("Row 4: connect to a black hole", arguments: TransportUnderTest.allCases, FaultCall.all)
  func blackHole(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let hole = try BlackHole()
    let time = SkippedTime(jitter: [.milliseconds(37), .milliseconds(153)])
    let error = try await transport.run(
      matrix: hole.url, configuration: .attemptTimeout(.milliseconds(300), attempts: 3), time: time
    ) { try await $0.failure(of: call) }
    #expect(error.kind == .timeout && error.attempts == call.attemptsIfReplayed)
    #expect(time.waits == (call.isReplayable ? [.milliseconds(37), .milliseconds(153)] : []))
    // URLSession cannot tell that it did not get as far as sending.
    if transport == .curl { #expect(!error.outcomeUnknown) }
  }

  @Test("Row 4: the deadline bounds all attempts", arguments: TransportUnderTest.allCases)
  func blackHoleUntilTheDeadline(_ transport: TransportUnderTest) async throws {
    let hole = try BlackHole()
    let deadline = Duration.seconds(3)
    let configuration = PlystraClient.Configuration(deadline: deadline, attemptTimeout: .seconds(2))
    let (taken, allowed) = try await shortestTime(within: .milliseconds(100)) {
      let time = SkippedTime(jitter: [.milliseconds(37), .milliseconds(153)])
      return try await transport.run(matrix: hole.url, configuration: configuration, time: time) { client in
        let start = time.now
        let error = try await client.failure(of: .check)
        let taken = start.duration(to: time.now)
        #expect(error.kind == .timeout)
        // However slow the machine: no attempt was given more time than was left.
        let given = client.attempts.map(\.timeout)
        #expect(given.count <= 2 && given.allSatisfy { $0 <= .seconds(2) })
        #expect(given.reduce(.zero, +) + time.waits.reduce(.zero, +) <= deadline)
        return taken - deadline
      }
    }
    #expect(taken <= allowed)
  }
}

/// Keeps the number and the request id of each attempt.
private final class AttemptWitness: Interceptor {
  private let log = Locked<[(number: Int, requestID: String?)]>([])

  var attempts: [(number: Int, requestID: String?)] { log.withLock { $0 } }

  func intercept(_ request: TransportRequest, context: AttemptContext, next: Next) async throws
    -> TransportResponse
  {
    log.withLock { $0.append((context.attempt, request.headers["X-Request-ID"])) }
    return try await next(request)
  }
}
