import TestSupport
import Testing

@testable import PlystraCore

@Suite("The retry budget against failing services (row 50)", .timeLimit(.minutes(minutesOfAHang)))
struct SharedBudgetTests {
  /// A service that is down until it is switched on.
  private final class Service: HTTPTransport {
    private let state = Locked((isUp: false, failures: 0, requests: 0))

    var requests: Int { state.withLock { $0.requests } }
    func switchOn() { state.withLock { $0.isUp = true } }
    func switchOff() { state.withLock { $0.isUp = false } }
    /// Fails the next requests, though the service is up.
    func failNext(_ count: Int) { state.withLock { $0.failures = count } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
      let isUp = state.withLock { state in
        state.requests += 1
        guard state.failures == 0 else {
          state.failures -= 1
          return false
        }
        return state.isUp
      }
      if isUp { return try TokenService.answer("authz-check.allow").repeatingID(of: request.headers) }
      throw TransportError(kind: .connect, message: "refused", mayHaveBeenSent: false)
    }
  }

  private let service = Service()

  private func client(budget: Int = 10) throws -> PlystraClient {
    try Sample.client(service, configuration: PlystraClient.Configuration(retryBudget: budget))
  }

  private func call(_ client: PlystraClient, times: Int) async throws {
    for _ in 0..<times { _ = try? await client.authz.check(Sample.question) }
  }

  @Test("Row 50: a dead service gets a thousand calls in little more than a thousand attempts")
  func deadService() async throws {
    let client = try client()
    try await call(client, times: 5)
    #expect(service.requests == 15)
    try await call(client, times: 1_000)
    #expect(service.requests == 15 + 1_000)
  }

  @Test("Row 50: a thousand calls at once, through copies of a client")
  func atOnce() async throws {
    let client = try client()
    let copies = [client, try client.withRequestID("req_mine"), client.with(deadline: .seconds(60))]
    await withTaskGroup { group in
      for index in 0..<1_000 {
        group.addTask { _ = try? await copies[index % 3].authz.check(Sample.question) }
      }
    }
    #expect(service.requests == 1_000 + 10)
  }

  @Test("Row 50: a service that fails nearly always is spared as well")
  func mostlyDown() async throws {
    let served = Locked(0)
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        let number = served.withLock { served in
          served += 1
          return served
        }
        if number.isMultiple(of: 20) {
          return try TokenService.answer("authz-check.allow").repeatingID(of: request.headers)
        }
        return TransportResponse(status: 503)
      })
    try await call(try Sample.client(transport), times: 1_000)
    #expect((1_010...1_020).contains(transport.requests.count))
  }

  @Test("Row 50: it recovers by itself: ten successes buy one retry")
  func recovery() async throws {
    let client = try client()
    try await call(client, times: 100)
    service.switchOn()
    try await call(client, times: 9)
    #expect(try await retries(client) == 0)
    try await call(client, times: 1)
    #expect(try await retries(client) == 1)
    try await call(client, times: 99)
    // Each costs two tokens and, as it succeeds in the end, gives back a tenth.
    for _ in 0..<5 { #expect(try await retries(client) == 2) }
    #expect(try await retries(client) == 0)
  }

  /// How many retries a call makes whose first two attempts fail.
  private func retries(_ client: PlystraClient) async throws -> Int {
    let before = service.requests
    service.failNext(2)
    try await call(client, times: 1)
    service.failNext(0)
    return service.requests - before - 1
  }

  @Test("Row 50: no number of successes saves up more than the budget")
  func capacity() async throws {
    service.switchOn()
    let client = try client(budget: 3)
    try await call(client, times: 1_000)
    service.switchOff()
    let before = service.requests
    try await call(client, times: 10)
    #expect(service.requests - before == 10 + 3)
  }

  @Test("a budget of nothing means no retry; each client has its own")
  func nothing() async throws {
    try await call(try client(budget: 0), times: 10)
    #expect(service.requests == 10)
    try await call(try client(budget: 1), times: 10)
    #expect(service.requests == 10 + 11)
  }

  @Test("tokens are taken and given back in tenths")
  func tenths() {
    let budget = RetryBudget(tokens: 1)
    #expect(budget.take())
    #expect(!budget.take())
    for _ in 0..<9 {
      budget.refill()
      #expect(!budget.take())
    }
    budget.refill()
    #expect(budget.take())
    for _ in 0..<1_000 { budget.refill() }
    #expect(budget.take())
    #expect(!budget.take())
  }

  @Test("an answer that is an error gives nothing back; a deny does")
  func errors() async throws {
    let transport = ScriptedTransport(
      Array(repeating: .answer(404, "{}"), count: 10) + [.answer(503)]
        + Array(repeating: .fixture("authz-check.deny"), count: 10), thenAlways: .answer(503))
    let client = try Sample.client(transport, configuration: PlystraClient.Configuration(retryBudget: 1))
    try await call(client, times: 10)
    try await call(client, times: 1)  // The only token buys its second attempt, a deny.
    #expect(transport.requests.count == 12)
    try await call(client, times: 9)
    #expect(transport.requests.count == 21)
    try await call(client, times: 1)
    #expect(transport.requests.count == 23)
    try await call(client, times: 1)
    #expect(transport.requests.count == 24)
  }
}
