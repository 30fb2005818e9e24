import PlystraCore

// Connections: how many, how often used, and their end.
extension CaseScript {
  static func concurrentRequests(_ trial: Trial) async throws {
    let count = trial.bounds.concurrency
    let (everybodyIsHere, limit) = (try Door(), trial.bounds.tolerance)
    let underWay = Locked((now: 0, most: 0))
    let server = try trial.serve { connection in
      while let request = try connection.readRequest() {
        let isLast = underWay.withLock { state in
          state.now += 1
          state.most = max(state.most, state.now)
          return state.now == count
        }
        if isLast { everybodyIsHere.open() }
        try connection.wait(for: everybodyIsHere, atMost: limit)
        underWay.withLock { $0.now -= 1 }
        try connection.send(TransportResponse(status: 200, body: request.body))
      }
    }
    let sendings = (0..<count).map { number in
      trial.begin(trial.request("POST", "\(server.url)/", body: Array("answer \(number)".utf8)))
    }
    for (number, sending) in sendings.enumerated() {
      trial.expectBody(
        await sending.result(), Array("answer \(number)".utf8), when: "one of \(count) requests at once")
    }
    let most = underWay.withLock { $0.most }
    if most < count { trial.report("at most \(most) requests were under way at once", expected: "\(count)") }
  }

  static func connectionsReused(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200, body: Array("{}".utf8)) }
    for number in 1...10 {
      let result = await trial.send(trial.request("\(server.url)/", mayBeResent: true))
      trial.expectAnswer(result, when: "request \(number) of 10")
    }
    let count = server.journal.log.connectionCount
    if count > 5 {
      trial.report("10 requests, one after the other, took \(count) connections", expected: "1, or a few")
    }
  }

  /// The first connection dies when it is used again, after the request was read: a client that takes that for an
  /// idle connection which the server has closed sends the request once more.
  static func sentOnce(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      while let request = try connection.readRequest() {
        if connection.number == 0, request.target == "/second" { return connection.close() }
        try connection.send(TransportResponse(status: 200, body: Array("{}".utf8)))
      }
    }
    let body = Array(#"{"refresh_token":"ply_rt_conformance"}"#.utf8)
    trial.expectAnswer(
      await trial.send(trial.request("POST", "\(server.url)/first", body: body, mayBeResent: true)),
      when: "a first request")
    let second = await trial.send(trial.request("POST", "\(server.url)/second", body: body))
    let arrivals = server.journal.log.requests.count { $0.target == "/second" }
    if arrivals != 1 {
      trial.report(
        "a request that followed upon another arrived \(arrivals) times, \(second.outcome.text)",
        expected: "once")
    }
    try await isNotRepeated(trial, "a closed connection") { $0.close() }
    try await isNotRepeated(trial, "a reset") { $0.reset() }
  }

  private static func isNotRepeated(
    _ trial: Trial, _ situation: String, _ end: @escaping @Sendable (ScriptedConnection) -> Void
  ) async throws {
    let server = try trial.serve { connection in
      if try connection.readRequest() != nil { end(connection) }
    }
    _ = await trial.send(trial.request("POST", "\(server.url)/", body: Array("{}".utf8)))
    trial.expectRequests(server, 1, when: "\(situation) in place of an answer")
  }

  static func shutDown(_ trial: Trial, by shutDown: @Sendable () async -> Void) async throws {
    let silent = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.holdUntilClosed()
    }
    let underWay = trial.begin(trial.request("\(silent.url)/"))
    _ = await silent.journal.waitForRequests(1, within: trial.bounds.tolerance)
    await shutDown()
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let late = await trial.send(trial.request("\(server.url)/"))
    trial.expectFailure(late, [.shutDown], sent: false, when: "a request after the shutdown")
    trial.expectRequests(server, 0, when: "a request after the shutdown")
    // One that is under way may be let finish; this one cannot, so it has to be ended or time out.
    silent.stop()
    let result = await underWay.result()
    trial.expectFailure(
      result, [.shutDown, .reset, .timeout], sent: true, when: "a request that was under way at the shutdown")
  }
}
