/// Leads one attempt through the interceptors, the first outermost, then through authenticator and transport.
struct InterceptorChain: Sendable {
  let interceptors: [any Interceptor]
  let context: AttemptContext
  let transport: any HTTPTransport
  let authenticator: Authenticator
  /// Whether bodies hold passwords or tokens, so that interceptors see requests and answers without them.
  let withholdsBodies: Bool

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard withholdsBodies else { return try await step(0, request, original: request, answer: nil) }
    let answer = Locked<[UInt8]?>(nil)
    var visible = request
    visible.body = nil
    var response = try await step(0, visible, original: request, answer: answer)
    if let body = answer.withLock({ $0 }) { response.body = body }
    return response
  }

  private func step(
    _ index: Int, _ request: HTTPRequest, original: HTTPRequest, answer: Locked<[UInt8]?>?
  ) async throws -> HTTPResponse {
    guard index < interceptors.count else { return try await finish(request, original, answer) }
    return try await interceptors[index].intercept(request, context: context) { request in
      try await step(index + 1, request, original: original, answer: answer)
    }
  }

  private func finish(
    _ request: HTTPRequest, _ original: HTTPRequest, _ answer: Locked<[UInt8]?>?
  ) async throws -> HTTPResponse {
    var request = request
    if answer != nil { request.body = original.body }
    var response = try await transport.send(authenticator.authenticate(request, original: original))
    if let answer {
      let body = response.body
      answer.withLock { $0 = body }
      response.body = []
    }
    return response
  }
}
