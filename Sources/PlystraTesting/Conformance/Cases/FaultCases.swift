import PlystraCore

// Exchanges that fail.
extension CaseScript {
  static func refusedConnection(_ trial: Trial) async throws {
    let port = try RefusingPort()
    let result = await trial.send(trial.request("\(port.url)/"))
    trial.expectFailure(result, [.connect], sent: false, when: "a port that refuses connections")
    withExtendedLifetime(port) {}
  }

  static func unknownHost(_ trial: Trial) async throws {
    // RFC 6761 §6.4: no name below .invalid has an address.
    let result = await trial.send(trial.request("http://no-such-host.invalid/"))
    trial.expectFailure(result, [.resolve], sent: false, when: "the host no-such-host.invalid")
  }

  static func closedBeforeAnswer(_ trial: Trial) async throws {
    let server = try trial.serve { connection in _ = try connection.readRequest() }
    let result = await trial.send(trial.request("POST", "\(server.url)/", body: Array("{}".utf8)))
    trial.expectFailure(result, [.reset], sent: true, when: "closed in place of an answer")
  }

  static func resetBeforeAnswer(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      connection.reset()
    }
    let result = await trial.send(trial.request("POST", "\(server.url)/", body: Array("{}".utf8)))
    trial.expectFailure(result, [.reset], sent: true, when: "reset in place of an answer")
  }

  static func closedInHead(_ trial: Trial) async throws {
    for head in [
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Cut: v", "HTTP/1.1 200 OK\r\n", "HTTP/1.1",
    ] {
      let server = try trial.serve(Array(head.utf8))
      let result = await trial.send(trial.request("\(server.url)/"))
      trial.expectFailure(
        result, [.reset, .truncated, .protocolViolation], sent: true,
        when: "closed after \(head.count) bytes of a head")
    }
  }

  static func truncatedBodyRefused(_ trial: Trial) async throws {
    let server = try trial.serve(
      Array("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{\"data\":{\"allow\":true".utf8))
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectFailure(result, [.truncated], sent: true, when: "21 bytes of 122")
  }

  static func truncatedChunksRefused(_ trial: Trial) async throws {
    for (cut, situation) in [
      ("", "closed before the last chunk"), ("40\r\n{\"data\"", "closed inside a chunk"),
    ] {
      let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
      let server = try trial.serve(Array((head + cut).utf8))
      let result = await trial.send(trial.request("\(server.url)/"))
      trial.expectFailure(result, [.truncated], sent: true, when: situation)
    }
  }

  static func resetInBody(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{\"data\":")
      // Time for the bytes to be read, which a reset would otherwise take back.
      try connection.pause(.milliseconds(50))
      connection.reset()
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectFailure(result, [.truncated, .reset], sent: true, when: "a reset within the body")
  }

  static func otherProtocolsRefused(_ trial: Trial) async throws {
    for text in ["SSH-2.0-OpenSSH_9.6\r\n", "220 mail.example ESMTP\r\n", "{\"data\":{\"allow\":true}}\n"] {
      let server = try trial.serve(Array(text.utf8))
      let result = await trial.send(trial.request("\(server.url)/"))
      trial.expectFailure(result, [.protocolViolation], sent: true, when: "the answer \(text.prefix(8))…")
    }
  }

  static func secretsKeptOutOfErrors(_ trial: Trial) async throws {
    let canary = "canary7f3a"
    let refusing = try RefusingPort()
    let silent = try trial.serve { connection in try connection.holdUntilClosed() }
    let closing = try trial.serve { connection in _ = try connection.readRequest() }
    let cut = try trial.serve(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".utf8))
    let faults = [
      (refusing.url, "a refused connection"), (silent.url, "a timeout"), (closing.url, "a closed connection"),
      (cut.url, "a truncated body"),
    ]
    for (url, situation) in faults {
      let request = trial.request(
        "POST", "\(url)/",
        headers: [
          "Authorization": "Bearer ply_at_\(canary)", "X-Plystra-API-Key": "ply_ak_\(canary).secret",
        ],
        body: Array(#"{"refresh_token":"ply_rt_\#(canary)"}"#.utf8), timeout: trial.bounds.timeout)
      guard case .failed(let error) = await trial.send(request).outcome else { continue }
      var dumped = ""
      dump(error, to: &dumped)
      let shown = [error.message, "\(error)", String(reflecting: error), dumped]
      if shown.contains(where: { $0.contains(canary) }) {
        trial.report("\(situation): the error holds a credential of the request")
      }
    }
    withExtendedLifetime(refusing) {}
  }
}
