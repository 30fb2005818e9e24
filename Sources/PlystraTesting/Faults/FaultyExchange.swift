import PlystraCore

/// One exchange with a fault in its way.
struct FaultyExchange {
  let request: TransportRequest
  let draw: FaultDraw
  let upstream: any HTTPTransport
  let time: TestTime

  func run() async throws -> TransportResponse {
    let start = time.now()
    try await time.wait(draw.wait, within: request.timeout)
    switch draw.fault.effect {
    case .none: return try await send(since: start)
    case .latency(let latency):
      try await time.wait(latency, within: timeLeft(since: start))
      return try await send(since: start)
    case .failure(let kind, let afterSending):
      if afterSending { _ = try await send(since: start) }
      throw TransportError(
        kind: kind, message: "injected: \(draw.fault)", mayHaveBeenSent: afterSending)
    case .timeout(let afterSending):
      if afterSending { _ = try await send(since: start) }
      try await time.wait(timeLeft(since: start))
      throw TransportError(
        kind: .timeout, message: "injected: \(draw.fault)", mayHaveBeenSent: afterSending)
    case .status(let status, let retryAfter):
      return Self.proxyAnswer(status, retryAfter: retryAfter)
    case .cutBody: return Self.cut(try await send(since: start), draw.numbers)
    case .garbledBody: return Self.garbled(try await send(since: start), draw.numbers)
    }
  }

  private func timeLeft(since start: Duration) -> Duration {
    max(request.timeout - (time.now() - start), .zero)
  }

  private func send(since start: Duration) async throws -> TransportResponse {
    var request = request
    request.timeout = timeLeft(since: start)
    return try await upstream.send(request)
  }

  private static func proxyAnswer(_ status: Int, retryAfter: Int?) -> TransportResponse {
    var headers: TransportHeaders = ["Content-Type": "text/plain; charset=utf-8"]
    if let retryAfter { headers.add("Retry-After", String(retryAfter)) }
    return TransportResponse(
      status: status, headers: headers, body: Array("injected: status \(status)\n".utf8))
  }

  private static func cut(_ response: TransportResponse, _ numbers: SplitMix64) -> TransportResponse {
    guard !response.body.isEmpty else { return response }
    var (response, numbers) = (response, numbers)
    response.body.removeSubrange(numbers.below(response.body.count)...)
    response.headers.remove("Content-Length")
    return response
  }

  private static func garbled(_ response: TransportResponse, _ numbers: SplitMix64) -> TransportResponse {
    guard !response.body.isEmpty else { return response }
    var (response, numbers) = (response, numbers)
    for _ in 0..<(1 + response.body.count / 32) {
      response.body[numbers.below(response.body.count)] = UInt8(truncatingIfNeeded: numbers.next())
    }
    // A byte that no UTF-8 text has.
    response.body[numbers.below(response.body.count)] = 0xFF
    return response
  }
}
