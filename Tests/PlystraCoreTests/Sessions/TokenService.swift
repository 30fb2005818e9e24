import Foundation
import TestSupport

@testable import PlystraCore

/// A service that knows one session: it takes no access token but the last, for as long as that lives, and changes
/// both tokens when the last refresh token is exchanged.
///
/// Its tokens are `access-1` and `refresh-1`, then `access-2` and `refresh-2`, and so on.
final class TokenService: HTTPTransport {
  typealias Answer = @Sendable (TransportRequest) async throws -> TransportResponse

  private struct State {
    var number = 1
    /// When the access token ends, by a clock that is right.
    var end: Date?
    /// Whether the access token has been ended before its time.
    var isRevoked = false
    var calls: [TransportRequest] = []
    var refreshes: [TransportRequest] = []
  }

  private let time: ManualTime
  private let lifetime: TimeInterval?
  private let beforeCall: @Sendable (_ number: Int) async throws -> Void
  private let refreshAnswer: @Sendable (_ number: Int) async -> Answer?
  private let state: Locked<State>

  /// - Parameters:
  ///   - lifetime: how long access tokens live, in seconds; nil for ever, which they do not say.
  ///   - beforeCall: is waited for before a call other than a refresh, counted from 1, is answered.
  ///   - refreshAnswer: is waited for before a refresh, counted from 1, is answered; what it returns answers in place
  ///     of the service, which then does not get it.
  init(
    _ time: ManualTime, lifetime: TimeInterval? = 900,
    beforeCall: @escaping @Sendable (_ number: Int) async throws -> Void = { _ in },
    refreshAnswer: @escaping @Sendable (_ number: Int) async -> Answer? = { _ in nil }
  ) {
    self.time = time
    self.lifetime = lifetime
    self.beforeCall = beforeCall
    self.refreshAnswer = refreshAnswer
    state = Locked(State(end: lifetime.map { time.trueDate.addingTimeInterval($0) }))
  }

  /// The requests other than refreshes.
  var calls: [TransportRequest] { state.withLock { $0.calls } }
  /// The requests for new tokens.
  var refreshes: [TransportRequest] { state.withLock { $0.refreshes } }
  /// The access tokens, or `key` for an API key, that the calls carried.
  var carried: [String?] {
    calls.map { call in
      call.headers["X-Plystra-API-Key"] == nil
        ? call.headers["Authorization"].map { $0.replacingOccurrences(of: "Bearer ", with: "") } : "key"
    }
  }

  /// The tokens that the service takes at this moment.
  var pair: TokenPair { state.withLock { Self.pair($0.number, expiresAt: $0.end) } }

  /// Opens a new session in place of the last.
  func login() -> TokenPair {
    rotate()
    return pair
  }

  private func rotate() {
    let end = lifetime.map { time.trueDate.addingTimeInterval($0) }
    state.withLock { state in
      state = State(number: state.number + 1, end: end, calls: state.calls, refreshes: state.refreshes)
    }
  }

  static func pair(_ number: Int, expiresAt: Date? = nil) -> TokenPair {
    TokenPair(
      accessToken: Secret("access-\(number)"), refreshToken: Secret("refresh-\(number)"),
      expiresAt: expiresAt)
  }

  /// Ends the access token before its time, without a word.
  func revokeAccessToken() { state.withLock { $0.isRevoked = true } }

  /// A client of the service's session.
  func client(
    session: TokenPair? = nil, apiKey: String? = nil,
    configuration: PlystraClient.Configuration = PlystraClient.Configuration(),
    onRotation: (@Sendable (TokenPair) async -> Void)? = nil
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: apiKey.map { Secret($0) }),
      session: session ?? pair, configuration: configuration, transport: self, timing: time.timing,
      onRotation: onRotation)
  }

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    if request.url.hasSuffix("/auth/refresh") { return try await refresh(request) }
    let number = state.withLock { state in
      state.calls.append(request)
      return state.calls.count
    }
    try await beforeCall(number)
    let now = time.trueDate
    let isWelcome = state.withLock { state in
      let isAlive = !state.isRevoked && state.end.map { now < $0 } ?? true
      return request.headers["X-Plystra-API-Key"] != nil
        || isAlive && request.headers["Authorization"] == "Bearer access-\(state.number)"
    }
    guard isWelcome || Self.isPublic(request.url) else { return try Self.answer("error.401", 401) }
    return try Self.answer(Self.fixture(for: request.url)).repeatingID(of: request.headers)
  }

  private func refresh(_ request: TransportRequest) async throws -> TransportResponse {
    let number = state.withLock { state in
      state.refreshes.append(request)
      return state.refreshes.count
    }
    if let answer = await refreshAnswer(number) { return try await answer(request) }
    let expected = #"{"refresh_token":"refresh-\#(state.withLock { $0.number })"}"#
    guard request.text == expected else { return try Self.answer("error.401.session-expired", 401) }
    rotate()
    return TransportResponse(status: 200, body: Array(#"{"data":"#.utf8) + (try pair.serialized()) + [0x7D])
  }

  private static func isPublic(_ url: String) -> Bool { url.contains("/auth/") || url.hasSuffix("/health") }

  private static func fixture(for url: String) -> String {
    let ends = [
      "/actor/context": "actor-context", "/actor/switch-member": "actor-switch-member",
      "/auth/logout": "auth-logout", "/authz/check": "authz-check.allow", "/health": "health",
    ]
    return ends.first { url.hasSuffix($0.key) }?.value ?? "resource-types"
  }

  /// An answer with a sample body.
  static func answer(_ fixture: String, _ status: Int = 200) throws -> TransportResponse {
    TransportResponse(status: status, body: try Fixtures.body(fixture))
  }
}
