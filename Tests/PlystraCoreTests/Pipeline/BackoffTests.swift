import TestSupport
import Testing

@testable import PlystraCore

@Suite("How long a call waits between attempts")
struct BackoffTests {
  private func failAlways(
    _ policy: PlystraClient.RetryPolicy, jitter: [Double] = [], deadline: Duration = .seconds(3_600)
  )
    async throws -> FakeTime
  {
    let time = FakeTime(jitter: jitter)
    let client = try Sample.client(ScriptedTransport(thenAlways: .answer(503)), time: time)
      .with(deadline: deadline, retryPolicy: policy)
    _ = try await plystraError { try await client.system.health() }
    return time
  }

  @Test("full jitter from 100 ms, doubling, capped at 2 s")
  func limits() async throws {
    let time = try await failAlways(PlystraClient.RetryPolicy(maximumAttempts: 10))
    #expect(
      time.jitterLimits == [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000].map(Duration.milliseconds))
    #expect(time.sleeps == time.jitterLimits)
  }

  @Test("the waits are those that chance gave")
  func jitter() async throws {
    let time = try await failAlways(PlystraClient.RetryPolicy(maximumAttempts: 4), jitter: [0, 0.5, 0.125])
    #expect(time.sleeps == [.zero, .milliseconds(100), .milliseconds(50)])
  }

  @Test("an application's own delays")
  func ownDelays() async throws {
    let slow = try await failAlways(
      PlystraClient.RetryPolicy(maximumAttempts: 4, initialDelay: .seconds(3), maximumDelay: .seconds(5)))
    #expect(slow.jitterLimits == [.seconds(3), .seconds(5), .seconds(5)])
    let capped = try await failAlways(
      PlystraClient.RetryPolicy(maximumAttempts: 3, initialDelay: .seconds(3), maximumDelay: .seconds(1)))
    #expect(capped.jitterLimits == [.seconds(1), .seconds(1)])
    let none = try await failAlways(PlystraClient.RetryPolicy(maximumAttempts: 3, initialDelay: .zero))
    #expect(none.sleeps == [.zero, .zero])
  }

  @Test("durations as long as there are overflow nothing")
  func longest() async throws {
    let longest = Duration.seconds(Int64.max) * 18
    let time = try await failAlways(
      PlystraClient.RetryPolicy(maximumAttempts: 10, initialDelay: longest, maximumDelay: longest),
      jitter: [0, 0, 0],
      deadline: longest)
    #expect(time.sleeps.prefix(3) == [.zero, .zero, .zero])
    #expect(Set(time.jitterLimits).count == 1)
    let doubling = try await failAlways(
      PlystraClient.RetryPolicy(
        maximumAttempts: 10, initialDelay: .seconds(Int64.max / 4), maximumDelay: longest),
      deadline: .seconds(1))
    #expect(doubling.sleeps.isEmpty)
  }

  @Test("the jitter of a client is between nothing and the limit")
  func realJitter() {
    let jitter = Timing().jitter
    for limit in [
      Duration.zero, .nanoseconds(1), .milliseconds(100), .seconds(2), .seconds(Int64(Int32.max)),
    ] {
      for _ in 0..<100 { #expect((.zero...limit).contains(jitter(limit))) }
    }
    #expect(Set((0..<100).map { _ in jitter(.seconds(1)) }).count > 90)
  }
}
