import TestSupport
import Testing

@testable import PlystraCore

@Suite("Sessions: the service refuses to refresh", .timeLimit(.minutes(minutesOfAHang)))
struct EndedSessionTests {
  private let time = ManualTime()

  @Test("Row 24: 400, 401 and 403 end the session for all, once", arguments: [400, 401, 403])
  func ended(status: Int) async throws {
    let door = Door()
    let service = TokenService(
      time,
      refreshAnswer: { _ in
        try? await door.pass()
        return { _ in try TokenService.answer("error.401.session-expired", status) }
      })
    let client = try service.client(apiKey: "key")
    time.advance(by: .seconds(1_000))
    try await withThrowingTaskGroup { group in
      for _ in 0..<100 {
        group.addTask { try? await plystraError { try await client.actor.context() } }
      }
      try await time.untilSleeping(100)
      door.open()
      for try await error in group {
        #expect(error?.code == .sessionExpired)
        #expect(error?.kind == .credentials)
        #expect(error?.status == status)
        #expect(error?.isRetryable == false)
      }
    }
    let later = try await plystraError { try await client.withRequestID("mine").actor.context() }
    #expect(later.code == .sessionExpired)
    #expect(later.requestID == "mine")
    #expect(later.attempts == 0)
    #expect(service.refreshes.count == 1)
    #expect(service.calls.isEmpty)

    // The tokens are gone, and the key is not used in their place.
    #expect(client.core.credentials.secrets == [Secret("key")])
    _ = try await client.authz.check(Sample.question)
    #expect(service.carried == ["key"])

    try client.setSession(service.login())
    _ = try await client.actor.context()
    #expect(service.carried == ["key", "access-2"])
    #expect(service.refreshes.count == 1)
  }

  @Test("Row 24: an empty refusal is one too", arguments: [400, 401, 403])
  func emptyRefusal(status: Int) async throws {
    let service = TokenService(time, refreshAnswer: { _ in { _ in TransportResponse(status: status) } })
    service.revokeAccessToken()
    let client = try service.client()
    #expect(try await plystraError { try await client.actor.context() }.code == .sessionExpired)
  }

  @Test("Row 24: new tokens of any kind end the failure", arguments: [true, false])
  func newTokens(isSession: Bool) async throws {
    let service = TokenService(
      time, refreshAnswer: { _ in { _ in try TokenService.answer("error.401.session-expired", 401) } })
    let client = try service.client(session: TokenService.pair(9))
    _ = try await plystraError { try await client.actor.context() }
    if isSession {
      try client.setSession(service.pair)
    } else {
      try client.setAccessToken(service.pair.accessToken)
    }
    _ = try await client.actor.context()
    #expect(service.carried == ["access-9", "access-1"])
  }

  // MARK: What is reported and forgotten

  /// A refresh that did not happen.
  enum Postponement: CaseIterable, Sendable {
    case connect, resolve, busy, notReady, tls

    var answer: TokenService.Answer {
      { _ in
        switch self {
        case .connect: throw TransportError(kind: .connect, message: "refused", mayHaveBeenSent: false)
        case .resolve: throw TransportError(kind: .resolve, message: "no address", mayHaveBeenSent: false)
        case .tls: throw TransportError(kind: .tls, message: "expired", mayHaveBeenSent: false)
        case .busy: return TransportResponse(status: 429, headers: ["Retry-After": "30"])
        case .notReady: return try TokenService.answer("error.503", 503)
        }
      }
    }

    /// How long the client leaves the service alone, in seconds.
    var wait: Int { self == .busy ? 30 : 1 }

    func check(_ error: PlystraError) {
      #expect(error.operation == "actor.context")
      switch self {
      case .busy: #expect(error.kind == .api && error.status == 429)
      case .notReady: #expect(error.kind == .api && error.status == 503)
      default: #expect(error.kind == .transport && error.underlyingError is TransportError)
      }
    }
  }

  private var strict: PlystraClient.Configuration { PlystraClient.Configuration(retryPolicy: .never) }

  @Test("Row 24: connect failures, 429 and 503 are reported and forgotten", arguments: Postponement.allCases)
  func postponed(reason: Postponement) async throws {
    let service = TokenService(time, refreshAnswer: { $0 < 3 ? reason.answer : nil })
    let client = try service.client(configuration: strict)
    time.advance(by: .seconds(1_000))
    reason.check(try await plystraError { try await client.actor.context() })
    // Until the wait is over, calls fail without I/O.
    time.advance(by: .seconds(reason.wait - 1))
    for _ in 0..<10 { reason.check(try await plystraError { try await client.actor.context() }) }
    #expect(service.refreshes.count == 1)
    time.advance(by: .seconds(1))
    reason.check(try await plystraError { try await client.actor.context() })
    #expect(service.refreshes.count == 2)
    time.advance(by: .seconds(reason.wait))
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 3)
    #expect(service.carried == ["access-2"])
  }

  @Test("Row 24: as long as the access token lives, it serves", arguments: Postponement.allCases)
  func stillAlive(reason: Postponement) async throws {
    let service = TokenService(time, refreshAnswer: { $0 == 1 ? reason.answer : nil })
    let client = try service.client(configuration: strict)
    time.advance(by: .seconds(869 + 1))
    for _ in 0..<10 { _ = try await client.actor.context() }
    #expect(service.refreshes.count == 1)
    #expect(Set(service.carried) == ["access-1"])
    time.advance(by: .seconds(reason.wait))
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 2)
  }

  @Test(
    "Row 24: after a refusal, every waiter learns why there are no new tokens",
    arguments: Postponement.allCases)
  func afterRefusal(reason: Postponement) async throws {
    let door = Door()
    let service = TokenService(
      time,
      refreshAnswer: { number in
        try? await door.pass()
        return number == 1 ? reason.answer : nil
      })
    service.revokeAccessToken()
    let client = try service.client(configuration: strict)
    try await withThrowingTaskGroup { group in
      for _ in 0..<50 { group.addTask { try? await plystraError { try await client.actor.context() } } }
      try await time.untilSleeping(50)
      door.open()
      for try await error in group {
        #expect(error != nil)
        error.map(reason.check)
        #expect(error?.attempts == 1)
      }
    }
    #expect(service.refreshes.count == 1)
    reason.check(try await plystraError { try await client.actor.context() })
    #expect(service.refreshes.count == 1)
    time.advance(by: .seconds(reason.wait))
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 2)
  }

  @Test("Row 24: a later caller is told how long is left of the service's wait")
  func retryAfter() async throws {
    let service = TokenService(time, refreshAnswer: { _ in Postponement.busy.answer })
    let client = try service.client(configuration: strict)
    time.advance(by: .seconds(1_000))
    #expect(try await plystraError { try await client.actor.context() }.retryAfter == .seconds(30))
    time.advance(by: .seconds(12))
    #expect(try await plystraError { try await client.actor.context() }.retryAfter == .seconds(18))
  }

  @Test("Row 24: a refresh tries again when it cannot connect, within its call's attempts")
  func connectTwice() async throws {
    let service = TokenService(time, refreshAnswer: { $0 < 3 ? Postponement.connect.answer : nil })
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: TokenService.pair(1),
      configuration: PlystraClient.Configuration(), transport: service, timing: time.timing())
    service.revokeAccessToken()
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 3)
  }

  @Test("Row 24: a deadline that passes before anything was sent leaves the session as it is")
  func deadlineBeforeSending() async throws {
    // The wait between two attempts takes longer than the whole call may, while nothing has been sent.
    let service = TokenService(time, refreshAnswer: { $0 == 1 ? Postponement.connect.answer : nil })
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(), session: TokenService.pair(1),
      configuration: PlystraClient.Configuration(), transport: service,
      timing: time.timing(oversleeping: .seconds(20)))
    service.revokeAccessToken()
    let error = try await plystraError { try await client.with(deadline: .seconds(3_600)).actor.context() }
    #expect(error.code != .sessionUncertain)
    time.advance(by: .seconds(2))
    _ = try await client.actor.context()
    #expect(service.refreshes.count == 2)
  }
}
