public import PlystraCore

/// A transport that answers from rules, keeps what it was asked, and complains about what was left over.
///
/// ```swift
/// let mock = MockTransport {
///   $0.on(.authzCheck.with(body: ["action": "approve"])).answer(.decision(.allow))
///   $0.on(.authzCheck).answer(.decision(.deny(.noMatchingPermission)))
/// }
/// let plystra = try PlystraClient(
///   baseURL: "https://plystra.test", apiKey: "ply_ak_test.secret", transport: mock)
///
/// try await Invoices(plystra).approve("invoice_001")
///
/// #expect(mock.requests.map(\.operation) == [.authzCheck, .authzCheck])
/// try mock.verify()
/// ```
///
/// A request is shown the rules in the order in which they were written, as a `switch` reads its cases, and the first
/// that fits and has an answer left answers it: what is special stands before what is general. A request that none
/// answers fails with a `TransportError` that says so, is not tried again, and is remembered for ``verify()``.
///
/// One mock serves any number of tasks; nothing is shared between mocks, so tests run in parallel.
public final class MockTransport: HTTPTransport {
  private struct State {
    var rules: [MockRuleState] = []
    var requests: [RecordedRequest] = []
    var unexpected: [RecordedRequest] = []
  }

  private let state = Locked(State())
  private let time: TestTime

  /// Makes a mock.
  ///
  /// - Parameters:
  ///   - clock: by which answers are delayed; a clock that a test moves makes delays take no time.
  ///   - rules: writes the first rules. More can be written at any time.
  public init(
    clock: any Clock<Duration> = ContinuousClock(), rules: (MockTransport) -> Void = { _ in }
  ) {
    time = TestTime(clock)
    rules(self)
  }

  // MARK: Rules

  /// Begins a rule about requests that fit a pattern, behind the rules that there are.
  public func on(_ pattern: RequestPattern) -> MockRule {
    let index = state.withLock { state in
      state.rules.append(MockRuleState(pattern: pattern))
      return state.rules.count - 1
    }
    return MockRule(mock: self, index: index)
  }

  /// Answers whatever is asked, one answer after the other, each once: a rule about any request.
  @discardableResult
  public func script(_ answers: MockAnswer...) -> MockRule {
    let rule = on(.any)
    setAnswers(answers, count: .exactly(answers.count), ofRule: rule.index)
    return rule
  }

  func setAnswers(_ answers: [MockAnswer], count: MockCount, ofRule index: Int) {
    state.withLock { state in
      state.rules[index].answers = answers
      state.rules[index].count = count
      state.rules[index].timesWritten += 1
    }
  }

  // MARK: What happened

  /// Every request so far, in the order in which they came.
  public var requests: [RecordedRequest] { state.withLock { $0.requests } }

  /// The requests so far that no rule answered.
  public var unexpected: [RecordedRequest] { state.withLock { $0.unexpected } }

  func requests(ofRule index: Int) -> [RecordedRequest] {
    state.withLock { $0.rules[index].requests }
  }

  /// The rules that are not satisfied: asked less often than they should be, or badly written.
  public var unmet: [MockProblem] { Self.unmet(state.withLock { $0.rules }) }

  /// Checks that every rule was asked as often as it should be, and every request had an answer.
  ///
  /// - Throws: ``MockFailure``, which says what to add or remove.
  public func verify() throws(MockFailure) {
    let (rules, unexpected) = state.withLock { ($0.rules, $0.unexpected) }
    let problems = unexpected.map(Self.problem) + Self.unmet(rules)
    if !problems.isEmpty { throw MockFailure(problems: problems) }
  }

  private static func unmet(_ rules: [MockRuleState]) -> [MockProblem] {
    rules.enumerated().compactMap { index, rule in
      rule.unmet(number: index + 1, rulesBefore: rules[..<index])
    }
  }

  private static func problem(_ request: RecordedRequest) -> MockProblem {
    MockProblem(
      kind: .unexpected, description: "\(request) was asked and had no answer: \(advice(for: request))")
  }

  /// What to add so that a request is answered.
  private static func advice(for request: RecordedRequest) -> String {
    let pattern = request.operation?.codeName ?? ".request(\"\(request.method)\", \"\(request.path)\")"
    return "add mock.on(\(pattern)).answer(…)"
  }

  // MARK: Transport

  /// Answers a request by the first rule that fits.
  ///
  /// - Throws: what the rule says; `CancellationError` when the task was cancelled; `TransportError` of kind `timeout`
  ///   when the answer takes longer than the request has time, `responseTooLarge` when it exceeds what the request
  ///   accepts, and `other` when there is no rule for it.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    try Task.checkCancellation()
    let recorded = RecordedRequest(request)
    let answer = try takeAnswer(to: recorded)
    do {
      let response = try await answer.response(to: request, recorded, time: time)
      try Task.checkCancellation()
      return try response.accepted(by: request)
    } catch let error as TransportError {
      throw error
    } catch {
      if Task.isCancelled || error is CancellationError { throw CancellationError() }
      throw TransportError(
        kind: .other, message: "the mock could not make its answer (\(answer)): \(error)",
        mayHaveBeenSent: false, underlyingError: error)
    }
  }

  private func takeAnswer(to request: RecordedRequest) throws -> MockAnswer {
    // Patterns are the test's code and may look at the mock, so they are asked outside the lock.
    let patterns = state.withLock { $0.rules.map(\.pattern) }
    let fitting = patterns.indices.filter { patterns[$0].matches(request) }
    let (answer, rules): (MockAnswer?, [MockRuleState]) = state.withLock { state in
      state.requests.append(request)
      for index in fitting {
        if let answer = state.rules[index].nextAnswer(to: request) { return (answer, []) }
      }
      state.unexpected.append(request)
      return (nil, state.rules)
    }
    if let answer { return answer }
    throw TransportError(
      kind: .other, message: Self.message(about: request, rules), mayHaveBeenSent: false)
  }

  private static func message(about request: RecordedRequest, _ rules: [MockRuleState]) -> String {
    let list = rules.enumerated().map { "\($0 + 1). \($1.summary)" }.joined(separator: "; ")
    return "the mock has no answer for \(request): \(advice(for: request)); "
      + (rules.isEmpty ? "it has no rules" : "its rules are: \(list)")
  }
}

extension TransportResponse {
  /// The response, if a request accepts a body of its size.
  func accepted(by request: TransportRequest) throws -> TransportResponse {
    guard body.count <= request.maximumResponseBytes else {
      throw TransportError(
        kind: .responseTooLarge,
        message: "the answer has \(body.count) bytes, more than \(request.maximumResponseBytes)",
        mayHaveBeenSent: true)
    }
    return self
  }
}

extension MockTransport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How many rules it has and how many requests it saw.
  public var description: String {
    let (rules, requests) = state.withLock { ($0.rules.count, $0.requests.count) }
    return "MockTransport(\(rules) rules, \(requests) requests)"
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
