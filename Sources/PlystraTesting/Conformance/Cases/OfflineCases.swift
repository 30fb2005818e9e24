import PlystraCore

// The cases that need no network: each makes a transport that has the answers.
extension CaseScript {
  private static let url = "http://conformance.invalid/api/v1/health"

  static let offline: [Case: Offline] = [
    .statusesReturned: offlineStatuses, .redirectsLeftAlone: offlineRedirects,
    .duplicateHeadersKept: offlineDuplicates, .emptyBodiesReturned: offlineEmptyBodies,
    .largeBodiesReturned: offlineLargeBodies, .bodyLimitKept: offlineBodyLimit,
    .timeoutOfZero: offlineTimeoutOfZero, .timeoutOfYears: offlineTimeoutOfYears,
    .cancelledBefore: offlineCancellation, .concurrentRequests: offlineConcurrency,
  ]

  /// Asks a transport of its own for one answer.
  private static func ask(
    _ trial: Trial, _ make: Maker, _ request: TransportRequest, for response: TransportResponse
  ) async throws -> Sending.Result {
    trial.transport = try await make([.init(request: request, response: response)])
    return await trial.send(request)
  }

  private static func offlineStatuses(_ trial: Trial, _ make: Maker) async throws {
    for status in [
      200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 501, 502, 503, 504, 599,
    ] {
      let body = [204, 304].contains(status) ? [] : Array("\(status)".utf8)
      let result = try await ask(
        trial, make, trial.request(url),
        for: TransportResponse(status: status, headers: ["X-A": "b"], body: body))
      let response = trial.expectAnswer(result, status: status, when: "status \(status)")
      if let response, response.body != body || response.headers["X-A"] != "b" {
        trial.report("status \(status): the header field or the body is not the one that was to be answered")
      }
    }
  }

  private static func offlineRedirects(_ trial: Trial, _ make: Maker) async throws {
    for status in [301, 302, 303, 307, 308] {
      let moved = TransportResponse(status: status, headers: ["Location": "http://elsewhere.invalid/"])
      let result = try await ask(trial, make, trial.request(url), for: moved)
      let response = trial.expectAnswer(result, status: status, when: "a \(status)")
      if let response, response.headers["Location"] != "http://elsewhere.invalid/" {
        trial.report("a \(status): the Location field is missing")
      }
    }
  }

  private static func offlineDuplicates(_ trial: Trial, _ make: Maker) async throws {
    trial.expectDuplicates(try await ask(trial, make, trial.request(url), for: .withDuplicates))
  }

  private static func offlineEmptyBodies(_ trial: Trial, _ make: Maker) async throws {
    for status in [200, 204, 304] {
      let result = try await ask(trial, make, trial.request(url), for: TransportResponse(status: status))
      if let response = trial.expectAnswer(result, status: status, when: "a \(status) without a body"),
        !response.body.isEmpty
      {
        trial.report("a \(status) without a body: \(response.body.count) bytes came")
      }
    }
  }

  private static func offlineLargeBodies(_ trial: Trial, _ make: Maker) async throws {
    let body = pattern(2 << 20)
    let request = trial.request(url, limit: body.count)
    let result = try await ask(trial, make, request, for: TransportResponse(status: 200, body: body))
    trial.expectBody(result, body, when: "a body of 2 MiB, every byte among them")
  }

  private static func offlineBodyLimit(_ trial: Trial, _ make: Maker) async throws {
    let body = pattern(2_000)
    let response = TransportResponse(status: 200, body: body)
    let exact = try await ask(trial, make, trial.request(url, limit: body.count), for: response)
    trial.expectBody(exact, body, when: "a body of exactly the limit")
    let longer = try await ask(trial, make, trial.request(url, limit: body.count - 1), for: response)
    trial.expectFailure(longer, [.responseTooLarge], when: "a body one byte beyond the limit")
  }

  private static func offlineTimeoutOfZero(_ trial: Trial, _ make: Maker) async throws {
    for timeout in [Duration.zero, .seconds(-1)] {
      let request = trial.request(url, timeout: timeout)
      let result = try await ask(trial, make, request, for: TransportResponse(status: 200))
      trial.expectFailure(result, [.timeout], when: "a timeout of \(timeout)")
    }
  }

  private static func offlineTimeoutOfYears(_ trial: Trial, _ make: Maker) async throws {
    for timeout in vastTimeouts {
      let request = trial.request(url, timeout: timeout)
      let result = try await ask(trial, make, request, for: TransportResponse(status: 200))
      trial.expectAnswer(result, when: "a timeout of \(timeout)")
    }
  }

  private static func offlineCancellation(_ trial: Trial, _ make: Maker) async throws {
    let request = trial.request(url)
    let made = try await make([.init(request: request, response: TransportResponse(status: 200))])
    trial.transport = CancellingFirst(transport: made)
    trial.expectCancellation(await trial.send(request), when: "a cancelled task")
  }

  private static func offlineConcurrency(_ trial: Trial, _ make: Maker) async throws {
    let exchanges = (0..<trial.bounds.concurrency * 8).map { number in
      TransportConformance.Exchange(
        request: trial.request("\(url)?number=\(number)"),
        response: TransportResponse(status: 200, body: Array("the same".utf8)))
    }
    trial.transport = try await make(exchanges)
    let sendings = exchanges.map { trial.begin($0.request) }
    for sending in sendings {
      trial.expectBody(
        await sending.result(), Array("the same".utf8), when: "one of \(exchanges.count) requests at once")
    }
  }
}
