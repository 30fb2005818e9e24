import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite struct FaultInjectingTransportTests {
  private let body = #"{"data":{"status":"ok"},"request_id":"req_1"}"#
  private let request = TransportRequest(method: "GET", url: "https://plystra.test/api/v1/health")

  private func upstream() -> MockTransport {
    MockTransport {
      $0.on(.any).answer(.status(200, text: body, headers: ["Content-Length": "44"]), times: .any)
    }
  }

  /// What one request met: the status, or the kind of the error.
  private func outcome(
    _ transport: FaultInjectingTransport, _ request: TransportRequest
  ) async throws -> String {
    do {
      let response = try await transport.send(request)
      let text = String(decoding: response.body, as: UTF8.self)
      return text == body ? "\(response.status)" : "\(response.status) \(response.body)"
    } catch let error as TransportError {
      return "\(error.kind) \(error.mayHaveBeenSent)"
    }
  }

  // MARK: Faults

  @Test(
    arguments: [
      (Fault.none, nil, 1), (.latency(.seconds(1)), nil, 1),
      (.connectFailure, (TransportError.Kind.connect, false), 0),
      (.resetBeforeSending, (.reset, false), 0), (.resetAfterSending, (.reset, true), 1),
      (.truncated, (.truncated, true), 1), (.timeoutBeforeSending, (.timeout, false), 0),
      (.timeoutAfterSending, (.timeout, true), 1),
    ] as [(Fault, (TransportError.Kind, Bool)?, Int)])
  func sendsOrDoesNotAndSaysSo(
    _ fault: Fault, _ failure: (kind: TransportError.Kind, sent: Bool)?, _ arrivals: Int
  ) async throws {
    let upstream = upstream()
    let clock = SkippingClock()
    let faulty = try FaultInjectingTransport(upstream: upstream, script: [fault], clock: clock)
    if let failure {
      let error = try await #require(throws: TransportError.self) { try await faulty.send(request) }
      #expect(error.kind == failure.kind && error.mayHaveBeenSent == failure.sent)
      #expect(error.message == "injected: \(fault)")
      if failure.kind == .timeout { #expect(clock.elapsed == request.timeout) }
    } else {
      #expect(try await faulty.send(request).body == Array(body.utf8))
    }
    #expect(upstream.requests.count == arrivals)
    #expect(faulty.injected.map(\.fault) == [fault] && faulty.injected.first?.number == 1)
    try faulty.verify()
  }

  @Test func answersInPlaceOfTheService() async throws {
    let upstream = upstream()
    let faulty = try FaultInjectingTransport(
      upstream: upstream, script: [.status(503, retryAfter: 7), .status(502)])
    let busy = try await faulty.send(request)
    #expect(busy.status == 503 && busy.headers["Retry-After"] == "7")
    let plystra = try PlystraClient.testing(faulty)
    let error = try await #require(throws: PlystraError.self) { try await plystra.system.health() }
    #expect(error.status == 502 && error.code == .invalidJSONResponse && upstream.requests.isEmpty)
  }

  @Test func spoilsBodies() async throws {
    for seed in 0..<200 as Range<UInt64> {
      let faulty = try FaultInjectingTransport(
        upstream: upstream(), script: [.cutBody, .garbledBody], seed: seed)
      let cut = try await faulty.send(request)
      #expect(cut.body.count < body.utf8.count && body.utf8.starts(with: cut.body))
      #expect(cut.headers["Content-Length"] == nil)
      let garbled = try await faulty.send(request)
      #expect(garbled.body.count == body.utf8.count && garbled.body.contains(0xFF))
      #expect(throws: JSONError.self) { try JSONValue(parsing: garbled.body) }
    }
    let empty = MockTransport { $0.on(.any).answer(.status(204), times: .any) }
    let faulty = try FaultInjectingTransport(upstream: empty, script: [.cutBody, .garbledBody])
    for _ in 0..<2 { #expect(try await faulty.send(request).status == 204) }
  }

  @Test func retriesOfAClientMeetTheScript() async throws {
    let upstream = MockTransport { $0.on(.authzCheck).answer(.decision(.allow), times: 2) }
    let faulty = try FaultInjectingTransport(
      upstream: upstream, script: [.resetAfterSending, .connectFailure, .none], for: .authzCheck)
    let plystra = try PlystraClient.testing(
      faulty, retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 3, initialDelay: .milliseconds(1)))
    #expect(try await plystra.authz.check(.question()).isAllowed)
    try faulty.verify()
    try upstream.verify()
  }

  @Test(arguments: [Fault.garbledBody, .cutBody])
  func aSpoiledAnswerIsNeverADecision(_ fault: Fault) async throws {
    let upstream = MockTransport { $0.on(.authzCheck).answer(.decision(.allow)) }
    let faulty = try FaultInjectingTransport(upstream: upstream, rates: [FaultRate(fault, 1)])
    let plystra = try PlystraClient.testing(faulty)
    for _ in 0..<50 {
      let error = try await #require(throws: PlystraError.self) {
        try await plystra.authz.check(.question())
      }
      #expect(error.kind == .decoding, "\(faulty)")
    }
  }

  @Test func aScriptIsForItsRequestsOnlyAndReportsWhatIsLeft() async throws {
    let faulty = try FaultInjectingTransport(
      upstream: upstream(), script: [.resetBeforeSending, .none, .truncated], for: .authzCheck)
    #expect(try await faulty.send(request).status == 200)
    let check = TransportRequest(method: "POST", url: "https://plystra.test/api/v1/authz/check")
    await #expect(throws: TransportError.self) { try await faulty.send(check) }
    #expect(faulty.injected.count == 1)
    #expect(
      "\(faulty.injected)" == "[request 1, POST /api/v1/authz/check (authz.check): reset before sending]")
    #expect(faulty.unplayed == [.none, .truncated])
    let left = try #require(throws: FaultScriptUnfinished.self) { try faulty.verify() }
    #expect(
      left.description.hasPrefix(
        "1 requests came for a script of 3 faults; left: nothing, truncated answer. Let"))
    // Behind its end requests pass.
    _ = try? await faulty.send(check)
    _ = try? await faulty.send(check)
    #expect(try await faulty.send(check).status == 200)
    try faulty.verify()
  }

  // MARK: Chance

  private let rates = [
    FaultRate(.resetBeforeSending, 0.2), FaultRate(.resetAfterSending, 0.2), FaultRate(.status(503), 0.2),
    FaultRate(.garbledBody, 0.1), FaultRate(.cutBody, 0.1),
  ]

  private func outcomes(seed: UInt64, tasks: Bool) async throws -> [String] {
    let faulty = try FaultInjectingTransport(
      upstream: upstream(), rates: rates, latency: .seconds(1), jitter: .seconds(2), seed: seed,
      clock: SkippingClock())
    let results = Locked([String](repeating: "", count: 500))
    if tasks {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<500 { group.addTask { _ = try await outcome(faulty, request) } }
        try await group.waitForAll()
      }
      return faulty.injected.map(\.fault.description)
    }
    for number in 0..<500 {
      let result = try await outcome(faulty, request)
      results.withLock { $0[number] = result }
    }
    #expect(faulty.injected.map(\.number) == Array(1...500))
    return results.withLock { $0 } + faulty.injected.map(\.fault.description)
  }

  @Test func theSameSeedBringsTheSameFaults() async throws {
    let first = try await outcomes(seed: 42, tasks: false)
    #expect(try await outcomes(seed: 42, tasks: false) == first)
    #expect(try await outcomes(seed: 43, tasks: false) != first)
    // The n-th request gets the n-th draw, however many are under way.
    #expect(try await outcomes(seed: 42, tasks: true) == Array(first.suffix(500)))
  }

  @Test func ratesAreKeptRoughly() async throws {
    let faults = try await outcomes(seed: 7, tasks: true)
    let counts = Dictionary(grouping: faults) { $0 }.mapValues(\.count)
    for (fault, expected) in [
      ("nothing", 100), ("reset before sending", 100), ("status 503", 100), ("cut body", 50),
    ] {
      // Six standard deviations: the seed is fixed, so this fails always or never.
      #expect(abs((counts[fault] ?? 0) - expected) < 54, "\(fault)")
    }
  }

  @Test func tellsItsSeed() async throws {
    let faulty = try FaultInjectingTransport(
      upstream: upstream(), rates: rates, latency: .milliseconds(5), for: .authzCheck)
    #expect(
      "\(faulty)".hasPrefix("FaultInjectingTransport(seed: \(faulty.seed), reset before sending at 0.2, "))
    #expect("\(faulty)".hasSuffix("latency of 0.005 seconds and up to 0.0 seconds more, for authz.check)"))
    let other = try FaultInjectingTransport(upstream: upstream(), rates: rates)
    #expect(other.seed != faulty.seed)
    var printed = ""
    dump(faulty, to: &printed)
    #expect(printed.contains("\(faulty.seed)"))
    #expect(faulty.unplayed.isEmpty)
  }

  @Test func refusesWhatMakesNoSense() {
    func message(_ make: () throws -> FaultInjectingTransport) -> String? {
      (#expect(throws: PlystraError.self) { try make() })?.message
    }
    let kernel = InMemoryKernel()
    #expect(
      message { try .init(upstream: kernel, rates: [.init(.truncated, 1.5)]) }
        == "rates: that of truncated answer must be from 0 to 1, not 1.5")
    #expect(
      message { try .init(upstream: kernel, rates: [.init(.truncated, 0.75), .init(.cutBody, 0.5)]) }
        == "rates: together they must be at most 1, not 1.25")
    #expect(message { try .init(upstream: kernel, rates: [.init(.truncated, .nan)]) } != nil)
    #expect(
      message { try .init(upstream: kernel, script: [.status(99)]) }
        == "status: must be from 200 to 599, not 99")
    #expect(
      message { try .init(upstream: kernel, script: [], latency: .seconds(-1)) }?.hasPrefix(
        "latency: must not")
        == true)
    #expect(
      message { try .init(upstream: kernel, rates: [], jitter: .seconds(-1)) }?.hasPrefix("jitter: ") == true)
    #expect(message { try .init(upstream: kernel, script: [.latency(.seconds(-1))]) } != nil)
  }

  // MARK: Time

  @Test func waitingCountsAgainstTheTimeOfTheRequest() async throws {
    let upstream = upstream()
    let clock = SkippingClock()
    let faulty = try FaultInjectingTransport(
      upstream: upstream, script: [.latency(.seconds(20)), .latency(.seconds(25))], latency: .seconds(5),
      clock: clock)
    #expect(try await faulty.send(request).status == 200)
    #expect(upstream.requests.first?.timeout == .seconds(5) && clock.elapsed == .seconds(25))
    let error = try await #require(throws: TransportError.self) { try await faulty.send(request) }
    #expect(error.kind == .timeout && clock.elapsed == .seconds(55) && upstream.requests.count == 1)
  }

  @Test(arguments: [Fault.timeoutBeforeSending, .timeoutAfterSending, .latency(.seconds(3_600))])
  func aCancelledTaskWaitsNoLonger(_ fault: Fault) async throws {
    let faulty = try FaultInjectingTransport(upstream: upstream(), script: [fault])
    var request = request
    request.timeout = .seconds(7_200)
    let task = Task { [request] in try await faulty.send(request) }
    while faulty.injected.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aThousandTasksUseTransportsOfTheirOwnAndOneTogether() async throws {
    let tasks = Sanitizer.crowd(1_000)
    var request = request
    request.timeout = .patience * 4
    let shared = try FaultInjectingTransport(upstream: InMemoryKernel(), rates: rates, seed: 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<tasks {
        group.addTask { [request] in
          let isFaulty = number % 2 == 0
          let own = try FaultInjectingTransport(
            upstream: upstream(), script: [isFaulty ? .resetAfterSending : .none])
          #expect(try await outcome(own, request) == (isFaulty ? "reset true" : "200"))
          try own.verify()
          _ = try await outcome(shared, request)
        }
      }
      try await group.waitForAll()
    }
    #expect(shared.injected.map(\.number) == Array(1...tasks))
  }
}
