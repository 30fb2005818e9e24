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
  /// Where seeded ids come from; nil if they are random.
  let idSequence: HexSequence?

  /// Makes a kernel that knows what the seed says, by default the documentation's demo data.
  ///
  /// - Parameters:
  ///   - seed: Credentials, people, and who may do what.
  ///   - ids: Where ids and tokens come from.
  ///   - now: The wall clock, by which tokens and bindings expire and audit rows are dated.
  public convenience init(
    seed: KernelSeed = .demo, ids: KernelIDs = .random, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    if let start = ids.seed {
      let sequence = HexSequence(seed: start)
      self.init(seed: seed, now: now, idSequence: sequence) { sequence.digits($0) }
    } else {
      self.init(seed: seed, now: now, randomHex: RandomHex.digits)
    }
  }

  /// Makes a kernel that lives by a clock which the test moves.
  public convenience init(seed: KernelSeed = .demo, clock: KernelClock, ids: KernelIDs = .random) {
    self.init(seed: seed, ids: ids, now: { clock.now })
  }

  /// Makes a kernel whose ids and tokens come from `randomHex`, which must never repeat itself.
  package convenience init(
    seed: KernelSeed, now: @escaping @Sendable () -> Date,
    randomHex: @escaping @Sendable (_ digits: Int) -> String
  ) {
    self.init(seed: seed, now: now, idSequence: nil, randomHex: randomHex)
  }

  private init(
    seed: KernelSeed, now: @escaping @Sendable () -> Date, idSequence: HexSequence?,
    randomHex: @escaping @Sendable (_ digits: Int) -> String
  ) {
    state = Locked(KernelState(seed))
    self.now = now
    self.idSequence = idSequence
    self.randomHex = randomHex
  }

  /// Whether `system.ready` answers that the service is ready; while it is false, it answers 503 `NOT_READY`.
  ///
  /// True from the start. No other route depends on it.
  public var isReady: Bool {
    get { state.withLock { $0.isReady } }
    set { state.withLock { $0.isReady = newValue } }
  }

  /// Reads or changes what the kernel knows, in one step.
  func withState<Result, Failure: Error>(
    _ body: (inout KernelState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock(body)
  }

  /// Answers one request, or lets it meet what it was planned to.
  ///
  /// - Parameters:
  ///   - request: The request; its URL may be absolute, or begin with the path.
  ///   - remoteAddress: Whom failed logins are counted for, and whom audit rows name.
  /// - Throws: what a test planned in place of an answer, and nothing else.
  package func answer(_ request: TransportRequest, remoteAddress: String) throws(TransportError)
    -> TransportResponse
  {
    let fault = state.withLock { state in
      state.faults.isEmpty
        ? nil
        : state.faults.next(
          for: ServiceOperation(method: request.method, address: RequestAddress(request.url)))
    }
    switch fault?.effect {
    case nil: return respond(to: request, remoteAddress: remoteAddress)
    case .response(let response)?: return response
    case .failure(let failure)?:
      let request = KernelRequest(request, remoteAddress: remoteAddress) { "req_" + randomHex(16) }
      return TransportResponse(failure, requestID: request.requestID)
    case .noAnswer(let error)?: throw error
    case .answerLost(let error)?:
      _ = respond(to: request, remoteAddress: remoteAddress)
      throw error
    }
  }

  /// Answers one request as the service would.
  ///
  /// - Parameters:
  ///   - request: The request; its URL may be absolute, or begin with the path.
  ///   - remoteAddress: Whom failed logins are counted for, and whom audit rows name.
  package func respond(to request: TransportRequest, remoteAddress: String) -> TransportResponse {
    let request = KernelRequest(request, remoteAddress: remoteAddress) { "req_" + randomHex(16) }
    var response = respond(to: request)
    // The answer to HEAD never has a body (RFC 9110 §9.3.2).
    if request.method == "HEAD" { response.body = [] }
    return response
  }

  private func respond(to request: KernelRequest) -> TransportResponse {
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
      return TransportResponse(reply, requestID: request.requestID)
    } catch {
      return TransportResponse(error, requestID: request.requestID)
    }
  }
}
