import Foundation
import PlystraTesting
import TestSupport
import Testing

@testable import PlystraCore

@Suite("Sessions: against a whole service in memory", .timeLimit(.minutes(minutesOfAHang)))
struct KernelSessionTests {
  private let time = ManualTime()

  /// Loses the answers to refreshes once it is told to: the service has acted, and nobody hears of it.
  private final class LossyTransport: HTTPTransport {
    let upstream: any HTTPTransport
    private let state = Locked((isLossy: false, refreshes: 0))

    init(_ upstream: any HTTPTransport) { self.upstream = upstream }

    var refreshes: Int { state.withLock { $0.refreshes } }
    func beginLosing() { state.withLock { $0.isLossy = true } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
      let response = try await upstream.send(request)
      guard request.url.hasSuffix("/api/v1/auth/refresh") else { return response }
      let isLossy = state.withLock { state in
        state.refreshes += 1
        return state.isLossy
      }
      if isLossy { throw TransportError(kind: .reset, message: "the answer is lost", mayHaveBeenSent: true) }
      return response
    }
  }

  private func kernel() -> LossyTransport {
    LossyTransport(InMemoryKernel(now: { [time] in time.trueDate }))
  }

  private func login(
    _ transport: any HTTPTransport, onRotation: (@Sendable (TokenPair) async -> Void)? = nil
  ) async throws -> PlystraClient {
    let anonymous = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), configuration: PlystraClient.Configuration(),
      transport: transport, timing: time.timing)
    let session = try await anonymous.auth.login(email: "alice@example.com", password: "plystra-demo")
    return try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: session.tokens,
      configuration: PlystraClient.Configuration(), transport: transport, timing: time.timing,
      onRotation: onRotation)
  }

  private func check(_ client: PlystraClient) async throws -> Bool {
    try await client.authz.check(
      AuthorizationRequest(resourceType: "invoice", resourceID: "invoice_001", action: "approve")
    ).isAllowed
  }

  @Test("a session survives a day of expiries, and what was handed over restores it")
  func survives() async throws {
    let kernel = kernel()
    let stored = Locked<[TokenPair]>([])
    let client = try await login(kernel) { pair in stored.withLock { $0.append(pair) } }
    for minutes in stride(from: 0, to: 24 * 60, by: 7) {
      #expect(try await check(client), "after \(minutes) minutes")
      time.advance(by: .seconds(7 * 60))
    }
    #expect(kernel.refreshes == 68)  // One every 21 minutes.
    let pair: TokenPair = try #require(stored.withLock { $0.last })
    let restored = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(),
      session: pair, configuration: PlystraClient.Configuration(), transport: kernel,
      timing: time.timing)
    #expect(try await check(restored))
  }

  @Test("two hundred tasks at expiry: one refresh, no failure")
  func herd() async throws {
    let kernel = kernel()
    let client = try await login(kernel)
    time.advance(by: .seconds(15 * 60))
    try await withThrowingTaskGroup { group in
      for _ in 0..<200 { group.addTask { try await self.check(client) } }
      for try await isAllowed in group { #expect(isAllowed) }
    }
    #expect(kernel.refreshes == 1)
  }

  @Test("Row 23: a lost answer makes the session uncertain, as the service has changed the tokens")
  func lost() async throws {
    let kernel = kernel()
    let client = try await login(kernel)
    kernel.beginLosing()
    time.advance(by: .seconds(15 * 60))
    for _ in 0..<3 {
      #expect(try await plystraError { try await check(client) }.code == .sessionUncertain)
      time.advance(by: .seconds(60))
    }
    #expect(kernel.refreshes == 1)
    try client.setSession(
      try await client.auth.login(email: "alice@example.com", password: "plystra-demo").tokens)
    #expect(try await check(client))
  }

  @Test("Row 24: a session that was ended elsewhere has expired")
  func loggedOut() async throws {
    let kernel = kernel()
    let client = try await login(kernel)
    #expect(try await check(client))
    try await client.auth.logout()
    for _ in 0..<3 {
      #expect(try await plystraError { try await check(client) }.code == .sessionExpired)
    }
    #expect(kernel.refreshes == 1)
  }

  @Test("Row 24: a session that nobody used for 30 days has expired")
  func month() async throws {
    let kernel = kernel()
    let client = try await login(kernel)
    time.advance(by: .seconds(30 * 86_400))
    #expect(try await plystraError { try await check(client) }.code == .sessionExpired)
  }

  @Test("Row 51: an hour off either way, nothing is noticed", arguments: [3_600.0, -3_600.0])
  func wrongClock(seconds: Double) async throws {
    let kernel = kernel()
    let client = try await login(kernel)
    time.setWallClock(forwardBy: seconds)
    for _ in 0..<120 {
      #expect(try await check(client))
      time.advance(by: .seconds(60))
    }
    #expect(kernel.refreshes <= 9)
  }
}
