import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@testable import PlystraTesting

/// No text of unknown origin starts a line of a log or steers a terminal by way of a description.
@Suite struct OneLineTests {
  private static let text = hostileText
  private static let decision = Decision(
    effect: .deny, denyCode: DenyCode(rawValue: text), reason: text, traceID: text, auditLogID: text)

  private static let errors: [any Error & CustomStringConvertible] = [
    AccessDenied(decision: decision), JSONError(reason: text, offset: 0, path: text),
    InvalidAuthorizationRequest(text, text),
    PlystraError(
      kind: PlystraError.Kind(rawValue: text), operation: text, message: text,
      code: ErrorCode(rawValue: text), denyCode: DenyCode(rawValue: text), requestID: text, traceID: text,
      auditLogID: text),
    TransportError(kind: TransportError.Kind(rawValue: text), message: text, mayHaveBeenSent: false),
    CurlError(code: 1, message: text), KernelRevocationError(description: text),
    KernelSeedError(path: text, reason: text), ServerStartError(port: 1, message: text),
    FaultScriptUnfinished(faults: [.none], played: 1),
    FixtureError(path: text, entry: 1, field: text, reason: text), RecordingError(path: text, reason: text),
  ]

  @Test func everyErrorPrintsOneLine() {
    for error in Self.errors {
      for printed in [error.description, "\(error)", String(reflecting: error)] {
        #expect(
          isOneLine(printed) && printed.contains("forged") || error is FaultScriptUnfinished, "\(printed)")
      }
    }
  }

  /// Two errors list problems, one a line: the lines are theirs, and not the problems'.
  @Test func listsOfProblemsHaveOneLineEach() {
    let mock = MockFailure(problems: [MockProblem(kind: .unexpected, description: Self.text)])
    let replay = ReplayFailure(
      path: Self.text, problems: [ReplayProblem(kind: .notRecorded, description: Self.text)])
    for printed in ["\(mock)", "\(replay)"] {
      let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 2 && lines.allSatisfy { isOneLine(String($0)) }, "\(lines)")
    }
  }

  @Test func everyValuePrintsOneLine() {
    let request = TransportRequest(
      method: Self.text, url: "https://plystra.test/\(Self.text)",
      headers: TransportHeaders([(name: Self.text, value: Self.text)]))
    let values: [any CustomStringConvertible] = [
      Effect(rawValue: Self.text), Scope(rawValue: Self.text), DenyCode(rawValue: Self.text),
      ErrorCode(rawValue: Self.text), PlystraError.Kind(rawValue: Self.text),
      TransportError.Kind(rawValue: Self.text), ClientEvent.Kind(rawValue: Self.text),
      TransportConfiguration.HTTPVersion(rawValue: Self.text), ServiceOperation(rawValue: Self.text),
      TransportConformance.Case(rawValue: Self.text), ReplayProblem.Kind(rawValue: Self.text),
      MockProblem.Kind(rawValue: Self.text), JSONValue.string(Self.text), JSONObject([(Self.text, .null)]),
      request, request.headers, APIRequest(method: Self.text, path: Self.text), RecordedRequest(request),
    ]
    for value in values {
      #expect(isOneLine(value.description) && isOneLine(String(reflecting: value)), "\(type(of: value))")
    }
  }

  @Test func aValuePrintedAsJSONIsStillTheSameValue() throws {
    let value: JSONValue = ["k\u{2028}": .string(Self.text + "\u{E0001}é😀")]
    #expect(isOneLine(value.description))
    #expect(try JSONValue(parsing: value.description.utf8) == value)
  }
}
