/// Passes one attempt through the interceptors, the first outermost, then through authenticator and transport.
final class InterceptorChain: Sendable {
  private struct Progress {
    /// Whether the service may have received the request.
    var mayHaveBeenSent = false
    /// The body of the last response, while bodies are withheld.
    var body: [UInt8]?
  }

  private let context: AttemptContext
  /// The request as it was before interceptors saw it.
  private let original: TransportRequest
  /// Whether bodies hold passwords or tokens, so that interceptors see requests and responses without them.
  private let withholdsBodies: Bool
  private let authenticator: Authenticator
  private let interceptors: [any Interceptor]
  private let timing: Timing
  /// When the attempt's time is over, interceptors included.
  private let end: ContinuousClock.Instant
  private let progress = Locked(Progress())

  init(
    context: AttemptContext, original: TransportRequest, withholdsBodies: Bool, authenticator: Authenticator,
    client: ClientCore
  ) {
    self.context = context
    self.original = original
    self.withholdsBodies = withholdsBodies
    self.authenticator = authenticator
    interceptors = client.configuration.interceptors
    timing = client.timing
    end = timing.now() + original.timeout
  }

  /// The response that interceptors make of the service's, or their own.
  ///
  /// - Throws: ``SendingFailure``.
  func send() async throws -> TransportResponse {
    var request = original
    if withholdsBodies { request.body = nil }
    do {
      var response = try await next(0, request)
      if response.body.isEmpty, let body = progress.withLock({ $0.body }) { response.body = body }
      return response
    } catch {
      throw SendingFailure(cause: error, mayHaveBeenSent: progress.withLock { $0.mayHaveBeenSent })
    }
  }

  private func next(_ index: Int, _ request: TransportRequest) async throws -> TransportResponse {
    guard index < interceptors.count else { return try await sendToService(request) }
    return try await interceptors[index].intercept(request, context: context) { request in
      try await self.next(index + 1, request)
    }
  }

  private func sendToService(_ request: TransportRequest) async throws -> TransportResponse {
    var request = try authenticator.verify(request, original: original)
    if withholdsBodies { request.body = original.body }
    request.timeout = min(request.timeout, timing.now().duration(to: end))
    guard request.timeout > .zero else {
      throw TransportError(
        kind: .timeout, message: "interceptors took all the time of the attempt", mayHaveBeenSent: false)
    }
    do {
      var response = try await authenticator.send(request)
      let body = response.body
      progress.withLock { progress in
        progress.mayHaveBeenSent = true
        if withholdsBodies { progress.body = body }
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
