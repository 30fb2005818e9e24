/// A rule of a ``MockTransport`` that is being written, and later what it was asked.
///
/// ```swift
/// let checks = mock.on(.authzCheck).answer(.decision(.allow), times: 2)
/// // …
/// #expect(checks.requests.map { $0.body?["action"] } == ["approve", "reject"])
/// ```
public struct MockRule: Sendable {
  let mock: MockTransport
  let index: Int

  /// Answers every request that fits with the same answer.
  ///
  /// - Parameters:
  ///   - answer: the answer.
  ///   - times: how many requests it is for; by default any number, of which ``MockTransport/verify()`` wants to see
  ///     one. Further requests go to the rules behind this one.
  @discardableResult
  public func answer(_ answer: MockAnswer, times: MockCount = .atLeast(1)) -> MockRule {
    mock.setAnswers([answer], count: times, ofRule: index)
    return self
  }

  /// Answers the requests that fit one after the other, each answer once. Further requests go to the rules behind
  /// this one.
  @discardableResult
  public func script(_ answers: MockAnswer...) -> MockRule {
    mock.setAnswers(answers, count: .exactly(answers.count), ofRule: index)
    return self
  }

  /// The requests that this rule has answered so far, in the order in which they came.
  public var requests: [RecordedRequest] { mock.requests(ofRule: index) }
}

/// A rule and what has become of it.
struct MockRuleState: Sendable {
  let pattern: RequestPattern
  var answers: [MockAnswer] = []
  var count = MockCount.any
  /// How often `answer` or `script` was called for it.
  var timesWritten = 0
  var requests: [RecordedRequest] = []

  /// The answer to another request that fits, or nil if all are used up.
  mutating func nextAnswer(to request: RecordedRequest) -> MockAnswer? {
    guard isOpen else { return nil }
    requests.append(request)
    return answers[min(requests.count, answers.count) - 1]
  }

  var isOpen: Bool { !answers.isEmpty && requests.count < count.maximum ?? .max }

  /// The rule on one line, for messages.
  var summary: String {
    let answers = answers.map(\.description).joined(separator: ", then ")
    let state = isOpen || self.answers.isEmpty ? "" : " (used up by \(requests.count))"
    return "\(pattern): \(answers.isEmpty ? "no answer" : answers)\(state)"
  }

  /// What the rule still waits for, or nil if it is satisfied.
  ///
  /// - Parameter rulesBefore: the rules that requests are shown first.
  func unmet(number: Int, rulesBefore: ArraySlice<MockRuleState>) -> MockProblem? {
    let name = "rule \(number), on(\(pattern))"
    if timesWritten == 0 {
      return MockProblem(
        kind: .noAnswer, description: "\(name), has no answer: add .answer(…) or .script(…), or remove it")
    }
    if timesWritten > 1 {
      return MockProblem(
        kind: .rewritten,
        description:
          "\(name), was given answers \(timesWritten) times, of which the last counts: write on(…) anew"
          + " for each")
    }
    guard requests.count < count.minimum else { return nil }
    let asked = requests.isEmpty ? "was never asked" : "was asked \(requests.count) of \(count.minimum) times"
    let shadow = rulesBefore.firstIndex {
      $0.pattern.description == RequestPattern.any.description
        || $0.pattern.description == pattern.description && $0.count.maximum == nil
    }
    let advice =
      shadow.map {
        "rule \($0 + 1), on(\(rulesBefore[$0].pattern)), stands before it and takes such requests: swap them"
      }
      ?? "let the code under test ask, or remove the rule, or give it times: .any"
    return MockProblem(kind: .neverAsked, description: "\(name), \(asked): \(advice)")
  }
}
