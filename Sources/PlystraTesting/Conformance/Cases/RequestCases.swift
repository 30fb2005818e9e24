import PlystraCore

// Requests as they arrive.
extension CaseScript {
  static func requestLineAsGiven(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let targets = [
      "/", "/api/v1/audit/logs/a%2Fb%3Fx%23y", "/p/%C3%A9%20;a=1,b/", "/list?limit=50&x=1&x=2&empty=&flag",
      "/q?at=2026-05-06T00%3A15%3A00%2B02%3A00&plus=a+b&odd=%7e%26%3d", "/trailing?",
    ]
    for target in targets {
      let result = await trial.send(trial.request(server.url + target, mayBeResent: true))
      trial.expectAnswer(result, when: "GET \(target)")
      if let seen = server.journal.log.requests.last?.target, seen != target {
        trial.report("the target \(target) arrived as \(seen)")
      }
    }
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PURGE"] {
      let result = await trial.send(trial.request(method, "\(server.url)/", mayBeResent: true))
      trial.expectAnswer(result, when: method)
      if let seen = server.journal.log.requests.last?.method, seen != method {
        trial.report("the method \(method) arrived as \(seen)")
      }
    }
  }

  static func requestHeadersAsGiven(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let given: TransportHeaders = [
      "Accept": "application/json", "Content-Type": "application/json",
      "User-Agent": "plystra-swift/0.1.0 (conformance)",
      "X-Request-ID": "req_!#$%&()*+,-./:;<=>?@[]^_`{|}~", "X-Plystra-API-Key": "ply_ak_conformance.canary",
      "X-Long": String(repeating: "v", count: 4_096), "x-lower": "1",
    ]
    let plain = await trial.send(trial.request("\(server.url)/"))
    let full = await trial.send(
      trial.request("POST", "\(server.url)/", headers: given, body: Array("{}".utf8)))
    trial.expectAnswer(plain, when: "a request without header fields")
    trial.expectAnswer(full, when: "a request with header fields")
    let requests = server.journal.log.requests
    guard requests.count == 2 else { return }
    for field in given where requests[1].headers.values(of: field.name) != [field.value] {
      trial.report(
        "\(field.name) arrived as \(requests[1].headers.values(of: field.name).map { $0.prefix(80) })")
    }
    let own = ["host", "content-length", "transfer-encoding", "connection", "accept-encoding"]
    let added = requests.map { request in
      request.headers.map { $0.name.lowercased() }.filter { !own.contains($0) }
    }
    let unwanted = Set(added[0] + added[1].filter { given[$0] == nil }).sorted()
    if !unwanted.isEmpty { trial.report("it added \(unwanted.joined(separator: ", "))") }
    if requests[0].headers.values(of: "Host") != ["127.0.0.1:\(server.port)"] {
      trial.report("Host arrived as \(requests[0].headers.values(of: "Host"))")
    }
    try await duplicateFields(trial)
  }

  /// Two fields of one name are the same as one whose value joins theirs by a comma (RFC 9110 §5.3).
  private static func duplicateFields(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let headers = ["X-Twice": "one", "X-Twice": "two"] as TransportHeaders
    _ = await trial.send(trial.request("\(server.url)/", headers: headers))
    guard let values = server.journal.log.requests.last?.headers.values(of: "X-Twice") else { return }
    if values != ["one", "two"], values != ["one, two"] {
      trial.report("X-Twice: one and X-Twice: two arrived as \(values)")
    }
  }

  static func requestBodyAsGiven(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let bodies: [(name: String, body: [UInt8]?)] = [
      ("no body", nil), ("an empty body", []), ("every byte there is", Array(0...255)),
      ("1 MiB", pattern(1 << 20)),
    ]
    for (name, body) in bodies {
      let count = server.journal.log.requests.count
      let result = await trial.send(trial.request("POST", "\(server.url)/", body: body))
      trial.expectAnswer(result, when: "POST with \(name)")
      guard let request = server.journal.log.requests.dropFirst(count).first else { continue }
      if request.body != body ?? [] {
        trial.report(
          "POST with \(name): \(request.body.count) bytes arrived, which are not those that were given")
      }
    }
  }

  static func injectionRefused(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    let url = "\(server.url)/"
    let requests: [(part: String, request: TransportRequest)] = [
      ("a header value with CR LF", trial.request(url, headers: ["X-A": "b\r\nX-Injected: 1"])),
      ("a header value with LF", trial.request(url, headers: ["X-A": "b\nX-Injected: 1"])),
      ("a header name with CR LF", trial.request(url, headers: ["X-A: b\r\nX-Injected": "1"])),
      ("an empty header name", trial.request(url, headers: ["": "1"])),
      ("a method with CR LF", trial.request("GET / HTTP/1.1\r\nX-Injected: 1\r\n\r\nGET", url)),
      ("a URL with a space", trial.request("\(url)a HTTP/1.1")),
      ("a URL with CR LF", trial.request("\(url)a HTTP/1.1\r\nX-Injected: 1\r\nX-B: ")),
    ]
    for (part, request) in requests { await expectRefused(trial, request, because: part) }
    trial.expectRequests(server, 0, when: "requests that must not be sent")
  }

  static func framingFieldsRefused(_ trial: Trial) async throws {
    let server = try trial.serve { _ in TransportResponse(status: 200) }
    // No length beyond the body, and a body of no chunk: nobody waits for more if a request is sent.
    for (name, value) in [
      ("Host", "elsewhere.invalid"), ("hOST", "elsewhere.invalid"), ("Content-Length", "5"),
      ("content-length", "1"), ("Transfer-Encoding", "chunked"),
    ] {
      let request = trial.request(
        "POST", "\(server.url)/", headers: [name: value], body: Array("0\r\n\r\n".utf8))
      await expectRefused(trial, request, because: "the header field \(name)")
    }
    trial.expectRequests(server, 0, when: "requests that must not be sent")
  }

  private static func expectRefused(_ trial: Trial, _ request: TransportRequest, because part: String) async {
    let result = await trial.send(request)
    if case .failed(let error) = result.outcome, !error.mayHaveBeenSent { return }
    trial.report(
      "\(part): \(result.outcome.text)", expected: "a TransportError(other, mayHaveBeenSent: false)")
  }

  static func otherSchemesRefused(_ trial: Trial) async throws {
    for url in otherURLs {
      await expectRefused(trial, trial.request(url), because: url.isEmpty ? "an empty URL" : url)
    }
  }

  /// URLs that no transport is to follow; the address is reserved for documentation (RFC 5737).
  static let otherURLs = [
    "file:///etc/hostname", "ftp://192.0.2.1/", "gopher://192.0.2.1/", "/api/v1/health", "192.0.2.1/", "",
  ]
}
