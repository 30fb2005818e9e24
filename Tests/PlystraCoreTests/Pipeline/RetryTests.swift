import TestSupport
import Testing

@testable import PlystraCore

@Suite("Which failures are tried again")
struct RetryTests {
  /// A fault that does not go away, and what becomes of a call that meets it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let step: ScriptedTransport.Step
    /// Attempts of reads and decisions.
    let attempts: Int
    /// Attempts of everything else.
    var attemptsOfWrites = 1
    let kind: PlystraError.Kind
    var status: Int?
    /// Whether the error of a write says that the outcome is unknown.
    let isUncertain: Bool
    let isRetryable: Bool
  }

  static func transport(
    _ kind: TransportError.Kind, sent: Bool, attempts: Int, ofWrites: Int = 1
  ) -> Fault {
    Fault(
      testDescription: "\(kind), \(sent ? "sent" : "not sent")", step: .failure(kind, sent: sent),
      attempts: attempts, attemptsOfWrites: ofWrites, kind: kind == .timeout ? .timeout : .transport,
      isUncertain: sent, isRetryable: attempts > 1)
  }

  static func status(_ status: Int, attempts: Int = 1, isUncertain: Bool = false) -> Fault {
    Fault(
      testDescription: "status \(status)", step: .answer(status, #"{"error":{"code":"X"}}"#),
      attempts: attempts, kind: .api, status: status, isUncertain: isUncertain, isRetryable: attempts > 1)
  }

  static func unusable(_ name: String, _ body: String, status: Int = 200, attempts: Int = 1) -> Fault {
    Fault(
      testDescription: name, step: .answer(status, body), attempts: attempts, kind: .decoding, status: status,
      isUncertain: true, isRetryable: attempts > 1)
  }

  static let faults: [Fault] =
    [
      transport(.connect, sent: false, attempts: 3, ofWrites: 3),
      transport(.resolve, sent: false, attempts: 3, ofWrites: 3),
      transport(.connect, sent: true, attempts: 3), transport(.resolve, sent: true, attempts: 3),
      transport(.timeout, sent: true, attempts: 3), transport(.timeout, sent: false, attempts: 3),
      transport(.reset, sent: true, attempts: 3), transport(.reset, sent: false, attempts: 3),
      transport(.truncated, sent: true, attempts: 3), transport(.tls, sent: false, attempts: 1),
      transport(.protocolViolation, sent: true, attempts: 1),
      transport(.responseTooLarge, sent: true, attempts: 1), transport(.shutDown, sent: false, attempts: 1),
      transport(.other, sent: true, attempts: 1),
      transport(TransportError.Kind(rawValue: "later"), sent: true, attempts: 1),
      status(429, attempts: 3), status(500, attempts: 3, isUncertain: true),
      status(502, attempts: 3, isUncertain: true), status(503, attempts: 3),
      status(504, attempts: 3, isUncertain: true),
      unusable("half a JSON text", #"{"request_id":"r","data":"#, attempts: 2),
      unusable("an empty answer", ""), unusable("a 204", "", status: 204), unusable("an array", "[]"),
      unusable("HTML", "<html>"), unusable("an envelope without data", #"{"request_id":null}"#),
      unusable("bytes behind the value", #"{"data":{}}x"#),
      unusable("two data", #"{"data":{},"data":{}}"#),
    ]
    + [
      300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 418, 422, 425,
      501, 505, 506, 511, 599,
    ].map { status($0) }

  @Test("as the fault matrix says, for every call", arguments: CallCase.all, faults)
  func persistent(call: CallCase, fault: Fault) async throws {
    let transport = ScriptedTransport(thenAlways: fault.step)
    let time = FakeTime(jitter: [0.25, 0.5])
    let client = try Sample.client(transport, accessToken: Sample.accessToken, time: time)
    let error = try await plystraError { try await call.run(client) }

    let attempts = call.isReplayable ? fault.attempts : fault.attemptsOfWrites
    #expect(transport.requests.count == attempts)
    #expect(error.attempts == attempts)
    #expect(error.kind == fault.kind)
    #expect(error.operation == call.operation)
    #expect(error.status == fault.status)
    #expect(error.outcomeUnknown == (fault.isUncertain && !call.isReplayable))
    #expect(error.isRetryable == fault.isRetryable)
    #expect(Set(transport.requests.map { $0.headers["X-Request-ID"] }) == [Sample.requestID])
    #expect(transport.requests.allSatisfy { $0.mayBeResent == call.isReplayable && $0.text == call.body })
    #expect(time.sleeps == [.milliseconds(25), .milliseconds(100)].prefix(attempts - 1).map { $0 })
    if fault.kind == .transport || fault.kind == .timeout {
      #expect(error.underlyingError is TransportError)
    }
  }

  @Test("a fault that goes away is forgotten", arguments: CallCase.all, faults)
  func passing(call: CallCase, fault: Fault) async throws {
    let attempts = call.isReplayable ? fault.attempts : fault.attemptsOfWrites
    guard attempts > 1 else { return }
    let transport = ScriptedTransport(fault.step, .fixture(call.fixture))
    _ = try await call.run(Sample.client(transport, accessToken: Sample.accessToken))
    #expect(transport.stepsLeft == 0)
  }

  @Test("nothing is tried again under the policy `never`", arguments: CallCase.all)
  func never(call: CallCase) async throws {
    let transport = ScriptedTransport(thenAlways: .failure(.connect, sent: false))
    let client = try Sample.client(transport).with(retryPolicy: .never)
    let error = try await plystraError { try await call.run(client) }
    #expect(error.attempts == 1)
    #expect(error.isRetryable)
    #expect(transport.requests.count == 1)
  }

  @Test("an answer cut off in mid-text is asked for again once, whatever happens between")
  func partialAnswers() async throws {
    let half = ScriptedTransport.Step.answer(200, #"{"data":{"al"#)
    let transport = ScriptedTransport(half, .answer(503), half)
    let client = try Sample.client(transport).with(
      retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 10))
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.kind == .decoding)
    #expect(error.attempts == 3)
    #expect(transport.stepsLeft == 0)
  }

  @Test("a decision is never made of a failure, whichever attempt answers")
  func decisionAfterFailures() async throws {
    let transport = ScriptedTransport(
      .failure(.reset), .answer(502, "<html>allow</html>"), .fixture("authz-check.deny"))
    #expect(try await !Sample.client(transport).authz.check(Sample.question).isAllowed)
    #expect(transport.stepsLeft == 0)
  }

  @Test("an error of neither transport nor interceptor ends the call", arguments: CallCase.all)
  func foreignError(call: CallCase) async throws {
    struct Foreign: Error {}
    let transport = ScriptedTransport(.run { _ in throw Foreign() })
    let client = try Sample.client(transport)
    let error = try await plystraError { try await call.run(client) }
    #expect(error.kind == .transport)
    #expect(error.underlyingError is Foreign)
    #expect(error.attempts == 1)
    #expect(!error.isRetryable)
    #expect(error.outcomeUnknown == !call.isReplayable)
    #expect(error.requestID == Sample.requestID)
  }
}
