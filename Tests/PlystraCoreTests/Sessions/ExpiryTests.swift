import TestSupport
import Testing

@testable import PlystraCore

@Suite("Sessions: the access token is about to end", .timeLimit(.minutes(minutesOfAHang)))
struct ExpiryTests {
  private let time = ManualTime()

  @Test("it is replaced shortly before it ends")
  func margin() async throws {
    let service = TokenService(time)
    let client = try service.client()
    time.advance(by: .seconds(869))
    _ = try await client.actor.context()
    #expect(service.carried == ["access-1"])
    time.advance(by: .seconds(1))
    _ = try await client.actor.context()
    #expect(service.carried == ["access-1", "access-2"])
    #expect(service.refreshes.count == 1)
  }

  @Test("tokens that do not say when they end are replaced when the service refuses them")
  func unknownEnd() async throws {
    let service = TokenService(time, lifetime: nil)
    let client = try service.client()
    time.advance(by: .seconds(100_000))
    _ = try await client.actor.context()
    #expect(service.refreshes.isEmpty)
    service.revokeAccessToken()
    _ = try await client.actor.context()
    #expect(service.carried == ["access-1", "access-1", "access-2"])
    #expect(service.refreshes.count == 1)
  }

  @Test("two hundred tasks at the moment of expiry: one refresh, no failure")
  func herd() async throws {
    let door = Door()
    let service = TokenService(
      time,
      refreshAnswer: { _ in
        try? await door.pass()
        return nil
      })
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    let copies = [client, try client.withRequestID("req_mine"), client.with(retryPolicy: .never)]
    try await withThrowingTaskGroup { group in
      for index in 0..<200 {
        group.addTask { _ = try await copies[index % 3].actor.context() }
      }
      try await door.untilWaiting()
      try await time.untilSleeping(200)
      #expect(service.calls.isEmpty)
      door.open()
      try await group.waitForAll()
    }
    #expect(service.refreshes.count == 1)
    #expect(service.carried == Array(repeating: "access-2", count: 200))
  }

  @Test("the new tokens are handed over before any call uses them")
  func onRotation() async throws {
    let door = Door()
    let stored = Locked<[TokenPair]>([])
    let service = TokenService(time)
    let client = try service.client { pair in
      try? await door.pass()
      stored.withLock { $0.append(pair) }
    }
    time.advance(by: .seconds(1_000))
    let calls = Task {
      try await withThrowingTaskGroup { group in
        for _ in 0..<10 { group.addTask { _ = try await client.actor.context() } }
        try await group.waitForAll()
      }
    }
    try await door.untilWaiting()
    try await time.untilSleeping(10)
    #expect(service.refreshes.count == 1)
    #expect(service.calls.isEmpty)
    door.open()
    try await calls.value
    #expect(stored.withLock { $0 } == [service.pair])
    #expect(service.carried == Array(repeating: "access-2", count: 10))
  }

  @Test("a call that carries no token waits for no refresh")
  func otherCalls() async throws {
    let door = Door()
    let service = TokenService(
      time,
      refreshAnswer: { _ in
        try? await door.pass()
        return nil
      })
    let client = try service.client(apiKey: "key")
    time.advance(by: .seconds(1_000))
    async let waiting = client.actor.context()
    try await door.untilWaiting()
    _ = try await client.system.health()
    _ = try await client.authz.check(Sample.question)
    #expect(service.carried == [nil, "key"])
    door.open()
    _ = try await waiting
  }
}

@Suite("Sessions: the wall clock is wrong", .timeLimit(.minutes(minutesOfAHang)))
struct WrongClockTests {
  private let time = ManualTime()

  /// Calls once a second for 2,000 seconds, in which tokens that live 900 seconds must be replaced at least twice.
  private func callEverySecond(_ client: PlystraClient) async throws {
    for _ in 0..<2_000 {
      _ = try await client.actor.context()
      time.advance(by: .seconds(1))
    }
  }

  @Test("Row 51: a jump of an hour forward: the token is judged anew, and there is no storm of refreshes")
  func forward() async throws {
    let service = TokenService(time)
    let client = try service.client()
    _ = try await client.actor.context()
    time.setWallClock(forwardBy: 3_600)
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 1)
    try await callEverySecond(client)
    #expect(service.refreshes.count == 3)
  }

  @Test("Row 51: a jump of an hour back: the service's refusal replaces the clock")
  func back() async throws {
    let service = TokenService(time)
    let client = try service.client()
    _ = try await client.actor.context()
    time.setWallClock(forwardBy: -3_600)
    try await callEverySecond(client)
    #expect(service.refreshes.count == 2)
  }

  @Test("Row 51: when the clock is right again, tokens are replaced before they end again")
  func rightAgain() async throws {
    let service = TokenService(time)
    let client = try service.client()
    time.setWallClock(forwardBy: 3_600)
    _ = try await client.actor.context()
    time.setWallClock(forwardBy: -3_600)
    // These tokens looked spent when they came, so only the service's refusal tells that they are.
    time.advance(by: .seconds(890))
    _ = try await client.actor.context()
    #expect(service.carried == ["access-2", "access-2"])
    time.advance(by: .seconds(10))
    _ = try await client.actor.context()
    #expect(service.carried == ["access-2", "access-2", "access-2", "access-3"])
    time.advance(by: .seconds(890))
    _ = try await client.actor.context()
    #expect(service.carried.suffix(1) == ["access-4"])
    #expect(service.refreshes.count == 3)
  }

  @Test("Row 51: a hundred callers after a jump cause one refresh")
  func herd() async throws {
    let service = TokenService(time)
    let client = try service.client()
    time.setWallClock(forwardBy: 3_600)
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 { group.addTask { _ = try await client.actor.context() } }
      try await group.waitForAll()
    }
    #expect(service.refreshes.count == 1)
  }

  @Test(
    "tokens that live hardly longer than the margin, or shorter, are used up", arguments: [20, 31, 35, 59])
  func shortLived(lifetime: Int) async throws {
    let service = TokenService(time, lifetime: Double(lifetime))
    let client = try service.client()
    for _ in 0..<100 {
      _ = try await client.actor.context()
      time.advance(by: .seconds(1))
    }
    #expect(service.refreshes.count <= 100 / lifetime + 1)
  }

  @Test("Row 51: a postponed refresh waits by the monotonic clock, whatever the wall clock shows")
  func postponed() async throws {
    let service = TokenService(
      time,
      refreshAnswer: { number in
        guard number == 1 else { return nil }
        return { _ in try TokenService.answer("error.503", 503) }
      })
    let client = try service.client()
    time.advance(by: .seconds(1_000))
    _ = try await plystraError { try await client.actor.context() }
    time.setWallClock(forwardBy: 7_200)
    _ = try await plystraError { try await client.actor.context() }
    #expect(service.refreshes.count == 1)
    time.setWallClock(forwardBy: -7_200)
    time.advance(by: .seconds(1))
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 2)
  }
}
