/// Leads one attempt through the interceptors, the first outermost, then through authenticator and transport.
struct InterceptorChain: Sendable {
  private struct Progress {
    /// Whether the service may have got the request.
    var mayHaveBeenSent = false
    /// The body of the last answer, while bodies are withheld.
    var answer: [UInt8]?
  }

  private let interceptors: [any Interceptor]
  private let context: AttemptContext
  /// The request as it was before interceptors saw it.
  private let original: TransportRequest
  /// Whether bodies hold passwords or tokens, so that interceptors see requests and answers without them.
  private let withholdsBodies: Bool
  private let authenticator: Authenticator
  private let transport: any HTTPTransport
  private let timing: Timing
  /// When the attempt's time is over, interceptors included.
  private let end: ContinuousClock.Instant
  private let progress = Locked(Progress())

  init(
    interceptors: [any Interceptor], context: AttemptContext, original: TransportRequest,
    withholdsBodies: Bool,
    authenticator: Authenticator, transport: any HTTPTransport, timing: Timing
  ) {
    self.interceptors = interceptors
    self.context = context
    self.original = original
    self.withholdsBodies = withholdsBodies
    self.authenticator = authenticator
    self.transport = transport
    self.timing = timing
    end = timing.now() + original.timeout
  }

  /// Whether the service may have got the request, however often interceptors sent it.
  var mayHaveBeenSent: Bool { progress.withLock { $0.mayHaveBeenSent } }

  /// The answer that interceptors make of the service's, or their own.
  func send() async throws -> TransportResponse {
    var request = original
    if withholdsBodies { request.body = nil }
    var response = try await step(0, request)
    if response.body.isEmpty, let body = progress.withLock({ $0.answer }) { response.body = body }
    return response
  }

  private func step(_ index: Int, _ request: TransportRequest) async throws -> TransportResponse {
    guard index < interceptors.count else { return try await finish(request) }
    return try await interceptors[index].intercept(request, context: context) { request in
      try await step(index + 1, request)
    }
  }

  private func finish(_ request: TransportRequest) async throws -> TransportResponse {
    var request = try authenticator.stamp(request, original: original)
    if withholdsBodies { request.body = original.body }
    request.timeout = min(request.timeout, timing.now().duration(to: end))
    guard request.timeout > .zero else {
      throw TransportError(
        kind: .timeout, message: "interceptors took all the time of the attempt", mayHaveBeenSent: false)
    }
    do {
      var response = try await transport.send(request)
      let body = response.body
      progress.withLock { progress in
        progress.mayHaveBeenSent = true
        if withholdsBodies { progress.answer = body }
      }
      if withholdsBodies { response.body = [] }
      return response
    } catch {
      let mayHaveBeenSent = (error as? TransportError)?.mayHaveBeenSent ?? true
      progress.withLock { $0.mayHaveBeenSent = $0.mayHaveBeenSent || mayHaveBeenSent }
      throw error
    }
  }
}
