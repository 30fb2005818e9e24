package import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A whole Plystra service in memory: every endpoint, session, decision and audit row, without a network.
///
/// Give it to a client in place of a transport to test an application against real decisions, or serve it with
/// ``KernelServer`` to clients in any language:
///
/// ```swift
/// let kernel = InMemoryKernel()
/// let plystra = try PlystraClient(
///   baseURL: "http://localhost", apiKey: "ply_kernel_secret", transport: kernel)
/// ```
///
/// Whatever scheme, host and port a request names, the kernel answers it. Its state lives as long as it does and
/// is shared by all who hold it; every request is answered at once, in one step.
public final class InMemoryKernel: Sendable {
  private let state: Locked<KernelState>
  private let now: @Sendable () -> Date
  private let randomHex: @Sendable (_ digits: Int) -> String

  /// Makes a kernel that knows what the seed says, by default the documentation's demo data.
  ///
  /// - Parameters:
  ///   - seed: Credentials, people, and who may do what.
  ///   - now: The wall clock, by which tokens and bindings expire and audit rows are dated.
  public convenience init(seed: KernelSeed = .demo, now: @escaping @Sendable () -> Date = { Date() }) {
    self.init(seed: seed, now: now, randomHex: RandomHex.digits)
  }

  /// Makes a kernel whose ids and tokens come from `randomHex`, which must never repeat itself.
  package init(
    seed: KernelSeed, now: @escaping @Sendable () -> Date,
    randomHex: @escaping @Sendable (_ digits: Int) -> String
  ) {
    state = Locked(KernelState(seed))
    self.now = now
    self.randomHex = randomHex
  }

  /// Whether `system.ready` answers that the service is ready; while it is false, it answers 503 `NOT_READY`.
  ///
  /// True from the start. No other route depends on it.
  public var isReady: Bool {
    get { state.withLock { $0.isReady } }
    set { state.withLock { $0.isReady = newValue } }
  }

  /// Answers one request as the service would.
  ///
  /// - Parameters:
  ///   - request: The request; its URL may be absolute, or begin with the path.
  ///   - remoteAddress: Whom failed logins are counted for, and whom audit rows name.
  package func respond(to request: HTTPRequest, remoteAddress: String) -> HTTPResponse {
    let request = KernelRequest(request, remoteAddress: remoteAddress) { "req_" + randomHex(16) }
    var response = respond(to: request)
    // The answer to HEAD never has a body (RFC 9110 §9.3.2).
    if request.method == "HEAD" { response.body = [] }
    return response
  }

  private func respond(to request: KernelRequest) -> HTTPResponse {
    do throws(KernelFailure) {
      guard let segments = request.target.segments else {
        throw .validation(
          "Request path is invalid.", details: "a % is not followed by two hexadecimal digits")
      }
      guard let (route, argument) = Route.matching(segments) else {
        return .unknownPath(requestID: request.requestID)
      }
      guard request.method == route.method else { throw .methodNotAllowed(allowed: route.method) }
      let exchange = Exchange(
        request: request, pathArgument: argument, parsedBody: route.body(of: request), now: now(),
        randomHex: randomHex)
      let reply = try state.withLock { (state) throws(KernelFailure) in
        try route.handler(exchange)(&state)
      }
      return HTTPResponse(reply, requestID: request.requestID)
    } catch {
      return HTTPResponse(error, requestID: request.requestID)
    }
  }
}
