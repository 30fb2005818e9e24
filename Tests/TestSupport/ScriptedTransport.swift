package import PlystraCore

/// Answers requests from memory, one step of a script after the other, and keeps what it was asked.
package final class ScriptedTransport: HTTPTransport {
  /// What happens to one request.
  package struct Step: Sendable {
    fileprivate let answer: @Sendable (TransportRequest) async throws -> TransportResponse

    /// Whatever the closure does.
    package static func run(
      _ answer: @escaping @Sendable (TransportRequest) async throws -> TransportResponse
    ) -> Step { Step(answer: answer) }

    /// An answer of a status, a body and header fields.
    package static func answer(
      _ status: Int = 200, _ body: String = "", headers: TransportHeaders = TransportHeaders()
    ) -> Step {
      .run { _ in TransportResponse(status: status, headers: headers, body: Array(body.utf8)) }
    }

    /// An answer with a sample body.
    package static func fixture(
      _ name: String, status: Int = 200, headers: TransportHeaders = TransportHeaders()
    ) -> Step {
      .run { _ in TransportResponse(status: status, headers: headers, body: try Fixtures.body(name)) }
    }

    /// An allowed decision that says nothing about its question.
    package static var allowed: Step {
      .answer(
        200,
        #"{"data":{"allow":true,"decision":"allow"},"request_id":"\#(TransportResponse.sampleRequestID)"}"#)
    }

    /// A failure of the transport.
    package static func failure(_ kind: TransportError.Kind, sent: Bool = true) -> Step {
      .run { _ in throw TransportError(kind: kind, message: "scripted \(kind)", mayHaveBeenSent: sent) }
    }
  }

  /// A request for which the script has no step, which means that the client or the test is wrong.
  package struct ScriptEnded: Error {}

  private struct State {
    var steps: ArraySlice<Step>
    var requests: [TransportRequest] = []
  }

  private let state: Locked<State>
  private let last: Step?

  /// Plays each step once.
  package init(_ steps: Step...) {
    state = Locked(State(steps: steps[...]))
    last = nil
  }

  /// Plays each step once, then another one for ever.
  package init(_ steps: [Step] = [], thenAlways last: Step) {
    state = Locked(State(steps: steps[...]))
    self.last = last
  }

  /// What was asked so far, in order.
  package var requests: [TransportRequest] { state.withLock { $0.requests } }

  /// How many steps were not played.
  package var stepsLeft: Int { state.withLock { $0.steps.count } }

  package func send(_ request: TransportRequest) async throws -> TransportResponse {
    let step = state.withLock { state in
      state.requests.append(request)
      return state.steps.popFirst()
    }
    guard let step = step ?? last else { throw ScriptEnded() }
    return try await step.answer(request).repeatingID(of: request.headers)
  }
}
