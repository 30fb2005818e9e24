import PlystraCore

// Tasks that are cancelled.
extension CaseScript {
  static func cancelledBefore(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    trial.transport = CancellingFirst(transport: trial.transport)
    trial.expectCancellation(await trial.send(trial.request("\(server.url)/")), when: "a cancelled task")
    trial.expectRequests(server, 0, when: "a task that was cancelled before it sent")
  }

  static func cancelledWhileWaiting(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.holdUntilClosed()
    }
    try await cancels(trial, server, "a task that waits for the answer") { $0.requests.count == 1 }
  }

  static func cancelledInBody(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{\"data\":")
      try connection.holdUntilClosed()
    }
    try await cancels(trial, server, "a task within the body") { $0.sentByteCount > 0 }
  }

  private static func cancels(
    _ trial: Trial, _ server: ScriptedServer, _ situation: String,
    once condition: @escaping @Sendable (ServerJournal.Log) -> Bool
  ) async throws {
    let sending = trial.begin(trial.request("\(server.url)/"))
    guard await server.journal.wait(within: trial.bounds.patience, until: condition) else {
      sending.cancel()
      let result = await sending.result()
      return trial.report("\(situation): the request did not arrive, \(result.outcome.text)")
    }
    let start = ContinuousClock.now
    sending.cancel()
    let result = await sending.result()
    trial.expectCancellation(result, when: situation)
    guard case .cancelled = result.outcome else { return }
    trial.expectDuration(
      start.duration(to: .now), atMost: trial.bounds.tolerance, when: "\(situation), from the cancellation on"
    )
    await trial.expectDisconnect(server, when: situation)
  }

  static func cancelledAfter(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200, body: Array("{}".utf8)) }
    let request = trial.request("\(server.url)/", mayBeResent: true)
    for _ in 0..<3 {
      let sending = trial.begin(request)
      trial.expectBody(await sending.result(), Array("{}".utf8), when: "a request after a late cancellation")
      sending.cancel()
    }
    trial.expectBody(await trial.send(request), Array("{}".utf8), when: "a request after late cancellations")
  }

  static func cancellationSparesOthers(_ trial: Trial) async throws {
    let count = max(2, trial.bounds.concurrency / 2 * 2)
    let (released, limit) = (try Door(), trial.bounds.patience)
    let server = try trial.serve { connection in
      while let request = try connection.readRequest() {
        try connection.wait(for: released, atMost: limit)
        try connection.send(TransportResponse(status: 200, body: Array(request.target.utf8)))
      }
    }
    let sendings = (0..<count).map { trial.begin(trial.request("\(server.url)/\($0)")) }
    // A transport with fewer connections has fewer requests arrive; `concurrent-requests` is about that.
    _ = await server.journal.waitForRequests(
      min(count, trial.bounds.concurrency), within: trial.bounds.tolerance)
    for sending in sendings[..<(count / 2)] { sending.cancel() }
    for sending in sendings[..<(count / 2)] {
      trial.expectCancellation(await sending.result(), when: "one of \(count) requests, cancelled")
    }
    released.open()
    for number in count / 2..<count {
      trial.expectBody(
        await sendings[number].result(), Array("/\(number)".utf8),
        when: "one of \(count) requests, of which others were cancelled")
    }
  }
}

/// Cancels the calling task, and then sends through another transport.
struct CancellingFirst: HTTPTransport {
  let transport: any HTTPTransport

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    withUnsafeCurrentTask { $0?.cancel() }
    return try await transport.send(request)
  }
}
