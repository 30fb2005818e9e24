import PlystraCore

// Status and header fields of answers.
extension CaseScript {
  /// The status that a path such as `/418` asks for.
  private static func status(in request: ScriptedRequest) -> Int { Int(request.target.dropFirst()) ?? 500 }

  static func statusesReturned(_ trial: Trial) async throws {
    let server = try trial.serve { request in
      let status = status(in: request)
      return TransportResponse(
        status: status, body: [204, 304].contains(status) ? [] : Array("\(status)".utf8))
    }
    var wrong: [(status: Int, seen: String)] = []
    for status in 200...599 {
      let result = await trial.send(trial.request("\(server.url)/\(status)", mayBeResent: true))
      // Without a Location, a redirect's body is of no use to anybody.
      let body = [204, 304].contains(status) || status / 100 == 3 ? nil : Array("\(status)".utf8)
      guard case .answered(let response) = result.outcome, response.status == status,
        body.map({ $0 == response.body }) ?? true
      else {
        wrong.append((status, result.outcome.text))
        // A transport that hangs would do so four hundred times.
        if case .hung = result.outcome { break }
        continue
      }
    }
    guard let first = wrong.first else { return }
    let others =
      wrong.count > 1 ? ", and so with \(wrong.count - 1) others up to \(wrong[wrong.count - 1].status)" : ""
    trial.report("status \(first.status): \(first.seen)\(others)")
  }

  static func challengesReturned(_ trial: Trial) async throws {
    for challenge in [#"Basic realm="plystra""#, #"Digest realm="plystra", nonce="1", qop="auth""#] {
      let server = try trial.serve { _ in
        TransportResponse(status: 401, headers: ["WWW-Authenticate": challenge], body: Array("no".utf8))
      }
      let situation = "a 401 with WWW-Authenticate: \(challenge)"
      trial.expectAnswer(await trial.send(trial.request("\(server.url)/")), status: 401, when: situation)
      trial.expectRequests(server, 1, when: situation)
    }
  }

  static func redirectsLeftAlone(_ trial: Trial) async throws {
    let other = try trial.serve { _ in TransportResponse(status: 200, body: Array("elsewhere".utf8)) }
    for status in [301, 302, 303, 307, 308] {
      let server = try trial.serve { request in
        let place =
          switch request.target {
          case "/to-another-host": "\(other.url)/stolen"
          case "/to-this-host": "/stolen"
          default: ""
          }
        return place.isEmpty
          ? TransportResponse(status: 200)
          : TransportResponse(status: status, headers: ["Location": place], body: Array("moved".utf8))
      }
      for path in ["/to-another-host", "/to-this-host"] {
        let situation = "a \(status) \(path.dropFirst())"
        let request = trial.request(
          "POST", server.url + path, headers: ["X-Plystra-API-Key": "ply_ak_conformance.canary"],
          body: Array("{}".utf8))
        if let response = trial.expectAnswer(await trial.send(request), status: status, when: situation),
          response.headers["Location"] == nil
        {
          trial.report("\(situation): the Location field is missing")
        }
      }
      trial.expectRequests(server, 2, when: "after redirects of status \(status) to itself")
    }
    trial.expectRequests(other, 0, when: "a server that only redirects name")
  }

  static func interimAnswersSkipped(_ trial: Trial) async throws {
    let text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nX-Early: yes\r\n\r\n"
      + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Final: yes\r\n\r\nfinal"
    let server = try trial.serve(Array(text.utf8))
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectBody(result, Array("final".utf8), when: "an answer after 100 and 103")
    guard case .answered(let response) = result.outcome else { return }
    if response.headers["X-Early"] != nil {
      trial.report("a header field of the interim answer was returned with the final one")
    }
  }

  static func protocolSwitchRefused(_ trial: Trial) async throws {
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n")
      try connection.holdUntilClosed()
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectFailure(result, [.protocolViolation], when: "an answer 101")
  }

  // MARK: Header fields

  static func duplicateHeadersKept(_ trial: Trial) async throws {
    let server = try trial.serve { _ in .withDuplicates }
    trial.expectDuplicates(await trial.send(trial.request("\(server.url)/")))
  }

  static func oddHeadersKept(_ trial: Trial) async throws {
    let fields: [(name: String, value: String)] = [
      ("X-Empty", ""), ("X-Punctuation", #"a, b; c="d:e", (f) <g> [h]"#),
      ("X-Long", String(repeating: "v", count: 4_096)),
      ("x!#$%&'*+-.^_`|~1", "odd name"), ("X-Equal", "=a=b="), ("CONTENT-type", "application/json"),
    ]
    let spaced = ("X-Spaced", " \t spaced\t ")
    let server = try trial.serve { _ in
      TransportResponse(status: 200, headers: TransportHeaders(fields + [spaced]), body: Array("{}".utf8))
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    guard let response = trial.expectAnswer(result, when: "odd header fields") else { return }
    for (name, value) in fields + [("X-Spaced", "spaced")] where response.headers[name] != value {
      let seen = response.headers[name].map { "\"\($0.prefix(80))\"" } ?? "nothing"
      trial.report("\(name): \"\(value.prefix(80))\" came as \(seen)")
    }
  }

  static func unspacedHeadersRead(_ trial: Trial) async throws {
    let server = try trial.serve(
      Array("HTTP/1.1 200 OK\r\nX-Unspaced:tight\r\nContent-Length:2\r\n\r\n{}".utf8))
    let result = await trial.send(trial.request("\(server.url)/"))
    guard let response = trial.expectAnswer(result, when: "X-Unspaced:tight") else { return }
    if response.headers["X-Unspaced"] != "tight" { trial.report("the field was lost or changed") }
  }

  static func cookiesForgotten(_ trial: Trial) async throws {
    let server = try trial.serve { _ in
      TransportResponse(status: 200, headers: ["Set-Cookie": "canary=1; Path=/"], body: Array("{}".utf8))
    }
    for _ in 0..<2 {
      trial.expectAnswer(await trial.send(trial.request("\(server.url)/")), when: "an answer with Set-Cookie")
    }
    if server.journal.log.requests.contains(where: { $0.headers["Cookie"] != nil }) {
      trial.report("the next request carried the cookie")
    }
  }
}

extension TransportResponse {
  /// An answer with three fields of one name, and another between them.
  static let withDuplicates = TransportResponse(
    status: 200,
    headers: [
      "X-Duplicate": "one", "X-Between": "x", "x-duplicate": "two, three", "X-Duplicate": "one",
    ],
    body: Array("{}".utf8))
}

extension Trial {
  /// Checks that those fields came as they were.
  func expectDuplicates(_ result: Sending.Result) {
    guard let response = expectAnswer(result, when: "three fields of one name") else { return }
    let values = response.headers.values(of: "X-Duplicate")
    if values != ["one", "two, three", "one"] {
      report("fields of the values \"one\", \"two, three\", \"one\" came as \(values)")
    }
  }
}
