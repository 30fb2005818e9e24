import Foundation
import PlystraCore

/// A transport as somebody else might write one: plain POSIX sockets, a thread for each exchange, HTTP/1.1.
///
/// It keeps the contract, unless it is told to make mistakes.
final class SocketTransport: HTTPTransport {
  let mistakes: Set<Mistake>
  private let connections: SocketPool
  private let cookie = Locked<String?>(nil)
  private let oneAtATime = DispatchSemaphore(value: 1)
  private let isShutDown = Locked(false)

  init(_ mistakes: Set<Mistake> = []) {
    self.mistakes = mistakes
    connections = SocketPool()
  }

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    do {
      if !mistakes.contains(.ignoresCancellation) { try Task.checkCancellation() }
      return try await exchange(prepared(request))
    } catch is CancellationError where mistakes.contains(.wrapsCancellation) {
      throw TransportError(kind: .other, message: "the task was cancelled", mayHaveBeenSent: true)
    }
  }

  func shutdown() {
    isShutDown.withLock { $0 = true }
    connections.close()
  }

  private func prepared(_ request: TransportRequest) throws -> TransportRequest {
    if isShutDown.withLock({ $0 }), !mistakes.contains(.outlivesShutdown) {
      throw TransportError(kind: .shutDown, message: "the transport was shut down", mayHaveBeenSent: false)
    }
    var request = request
    if mistakes.contains(.addsUserAgent) { request.headers["User-Agent"] = "socket/1" }
    if mistakes.contains(.storesCookies), let cookie = cookie.withLock({ $0 }) {
      request.headers["Cookie"] = cookie
    }
    return request
  }

  private func exchange(_ request: TransportRequest) async throws -> TransportResponse {
    let response = try await firstAnswer(request)
    if mistakes.contains(.storesCookies), let cookie = response.headers["Set-Cookie"] {
      self.cookie.withLock { $0 = cookie }
    }
    if mistakes.contains(.throwsOn404), response.status == 404 { throw NotFound() }
    if mistakes.contains(.followsRedirects), response.status / 100 == 3,
      let place = response.headers["Location"]
    {
      var next = request
      next.url = place.hasPrefix("/") ? Self.origin(of: request.url) + place : place
      return try await firstAnswer(next)
    }
    return response
  }

  private static func origin(of url: String) -> String {
    url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)[..<3].joined(separator: "/")
  }

  private func firstAnswer(_ request: TransportRequest) async throws -> TransportResponse {
    do {
      return try await attempt(request)
    } catch let error as TransportError where mistakes.contains(.retries) && error.kind == .reset {
      return try await attempt(request)
    }
  }

  private func attempt(_ request: TransportRequest) async throws -> TransportResponse {
    let cancellation = try Bell()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { [self] in
          continuation.resume(with: Result { try play(request, cancellation) })
        }
      }
    } onCancel: {
      if !mistakes.contains(.ignoresCancellation) { cancellation.ring() }
    }
  }

  private func play(_ request: TransportRequest, _ cancellation: Bell) throws -> TransportResponse {
    let exchange = try SocketExchange(request, mistakes: mistakes, cancellation: cancellation)
    guard mistakes.contains(.sendsOneAtATime) else { return try exchange.run(with: connections) }
    // A short wait again and again, since a semaphore cannot be waited for together with a bell.
    while oneAtATime.wait(timeout: .now() + 0.005) == .timedOut { try exchange.checkTime() }
    defer { oneAtATime.signal() }
    return try exchange.run(with: connections)
  }

  /// What an HTTP client might throw for a status that it does not like.
  struct NotFound: Error {}
}

extension SocketTransport {
  /// What can be wrong with a transport.
  enum Mistake: String, Sendable, CaseIterable {
    case followsRedirects, throwsOn404, returnsInterimAnswers, joinsDuplicates, storesCookies
    case returnsTruncatedBodies, readsAnything, dropsQuery, addsUserAgent, lowersMethods
    case sendsLineEnds, sendsAnyField
    case ignoresLimit, checksLimitAtTheEnd, ignoresTimeout, beginsTimeoutAnew, timesTheHeadOnly
    case ignoresCancellation, wrapsCancellation, leavesCancelledConnectionsOpen
    case blursRefusals, claimsNothingWasSent, printsRequests
    case retries, resendsOnKeptConnections, sendsOneAtATime, keepsNoConnection, outlivesShutdown
  }
}
