import PlystraCore

// Limits of size and time.
extension CaseScript {
  /// How much of a body that is beyond the limit is sent to a transport which goes on taking it: more than the
  /// system's socket buffers hold.
  private static let bufferAllowance = 32 << 20

  static func bodyLimitKept(_ trial: Trial) async throws {
    let body = pattern(2_000)
    let server = try trial.serve { _ in TransportResponse(status: 200, body: body) }
    let exact = await trial.send(trial.request("\(server.url)/", limit: body.count))
    trial.expectBody(exact, body, when: "a body of exactly the limit")
    let longer = await trial.send(trial.request("\(server.url)/", limit: body.count - 1))
    trial.expectFailure(longer, [.responseTooLarge], sent: true, when: "a body one byte beyond the limit")

    let heads = [
      "with a length": "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
      "in chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      "until the connection closes": "HTTP/1.1 200 OK\r\n\r\n",
    ]
    for (form, head) in heads.sorted(by: { $0.key < $1.key }) {
      let server = try trial.serve { connection in
        guard try connection.readRequest() != nil else { return }
        try connection.send(head)
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        let framed = form == "in chunks" ? Array("10000\r\n".utf8) + block + Array("\r\n".utf8) : block
        // A transport without a limit is not to fill the memory: it is shown up by what it returns.
        for _ in 0...bufferAllowance / block.count { try connection.send(framed) }
        if form == "in chunks" { try connection.send("0\r\n\r\n") }
      }
      let situation = "a body far beyond the limit, \(form)"
      let result = await trial.send(trial.request("\(server.url)/", limit: 100_000))
      trial.expectFailure(result, [.responseTooLarge], sent: true, when: situation)
      if case .failed = result.outcome, server.journal.log.sentByteCount > bufferAllowance {
        trial.report(
          "\(situation): it took \(bufferAllowance >> 20) MiB before it gave up",
          expected: "about the limit, 100,000 bytes")
      }
      server.stop()
    }
  }

  static func bodyLimitCountsDecodedBytes(_ trial: Trial) async throws {
    let bomb = GzipStream.bomb(decodingTo: 256 << 20)
    let server = try trial.serve { connection in
      guard let request = try connection.readRequest(), request.asksForGzip else {
        // A transport that asks for none gets none.
        return try connection.send(TransportResponse(status: 200, body: Array("{}".utf8)))
      }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000000000\r\n\r\n")
      try connection.send(bomb)
      try connection.holdUntilClosed()
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    guard server.journal.log.requests.first?.asksForGzip == true else {
      return trial.expectBody(result, Array("{}".utf8), when: "a transport that asks for no compression")
    }
    trial.expectFailure(
      result, [.responseTooLarge], sent: true, when: "1.6 MB that decode to 256 MiB, with a limit of 1 MiB")
  }

  static func headLimitKept(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\n")
      let fields = Array("X-Endless: \(String(repeating: "v", count: 1_000))\r\n".utf8)
      for _ in 0...bufferAllowance / fields.count { try connection.send(fields) }
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectFailure(
      result, [.responseTooLarge, .protocolViolation], sent: true, when: "header fields without end")
  }

  // MARK: Time

  static func timeoutWithoutAnswer(_ trial: Trial) async throws {
    try await timesOut(trial, "no answer") { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.holdUntilClosed()
    }
  }

  static func timeoutWhileDripping(_ trial: Trial) async throws {
    let interval = trial.bounds.timeout / 10
    try await timesOut(trial, "a byte every \(interval)") { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
      while true {
        try connection.send("x")
        try connection.pause(interval)
      }
    }
  }

  static func timeoutInStalledBody(_ trial: Trial) async throws {
    try await timesOut(trial, "a body that stops half-way") { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{\"data\":")
      try connection.holdUntilClosed()
    }
  }

  private static func timesOut(
    _ trial: Trial, _ situation: String, _ script: @escaping ScriptedServer.Script
  ) async throws {
    let server = try trial.serve(script)
    let result = await trial.send(trial.request("\(server.url)/", timeout: trial.bounds.timeout))
    trial.expectFailure(result, [.timeout], sent: true, when: situation)
    guard case .failed = result.outcome else { return }
    trial.expectDuration(
      result.duration, atMost: trial.bounds.timeout + trial.bounds.tolerance,
      when: "\(situation), with a timeout of \(trial.bounds.timeout)")
    if result.duration < trial.bounds.timeout * 0.9 {
      trial.report("\(situation): it gave up after \(result.duration)", expected: "\(trial.bounds.timeout)")
    }
    await trial.expectDisconnect(server, when: situation)
  }

  static func timeoutOfZero(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    for timeout in [Duration.zero, .seconds(-1)] {
      let result = await trial.send(trial.request("\(server.url)/", timeout: timeout))
      trial.expectFailure(result, [.timeout], when: "a timeout of \(timeout)")
      trial.expectDuration(result.duration, atMost: trial.bounds.tolerance, when: "a timeout of \(timeout)")
    }
  }

  /// Timeouts beyond what timers, nanoseconds or seconds in 64 bits can hold.
  static let vastTimeouts: [Duration] = [.seconds(31_556_952_000), .seconds(Int64.max)]

  static func timeoutOfYears(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    for timeout in vastTimeouts {
      let result = await trial.send(trial.request("\(server.url)/", timeout: timeout))
      trial.expectAnswer(result, when: "a timeout of \(timeout)")
    }
  }
}

extension Trial {
  /// Checks that the transport closes the first connection to a server.
  func expectDisconnect(_ server: ScriptedServer, when situation: String) async {
    let isGone = await server.journal.wait(within: bounds.tolerance) { $0.disconnected.contains(0) }
    if !isGone {
      report(
        "\(situation): the connection was still open \(bounds.tolerance) later",
        expected: "a connection that is closed, since its answer would be taken for the next one's")
    }
  }
}
