import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A request, when it was sent, and what came of it.
struct RecordedExchange: Sendable {
  /// What came of a request.
  enum Outcome: Sendable {
    case answer(TransportResponse)
    case failure(TransportError)
  }

  /// When the request was sent; nil if a file does not say.
  var startedAt: Date?
  var duration: Duration
  var request: TransportRequest
  var outcome: Outcome

  /// The exchange without secrets.
  func redacted(by redactor: inout Redactor) -> RecordedExchange {
    changed(&redactor, request: { $0.request($1) }, response: { $0.response($1) })
  }

  /// An exchange that was redacted before, without the secrets that have become known since.
  func scanned(by redactor: inout Redactor) -> RecordedExchange {
    changed(&redactor, request: { $0.scanned($1) }, response: { $0.scanned($1) })
  }

  private func changed(
    _ redactor: inout Redactor, request change: (inout Redactor, TransportRequest) -> TransportRequest,
    response changeResponse: (inout Redactor, TransportResponse) -> TransportResponse
  ) -> RecordedExchange {
    var exchange = self
    exchange.request = change(&redactor, request)
    switch outcome {
    case .answer(let response):
      exchange.outcome = .answer(changeResponse(&redactor, response))
    case .failure(let error):
      // What lies beneath an error is not recorded.
      exchange.outcome = .failure(
        TransportError(
          kind: error.kind, message: redactor.text(error.message), mayHaveBeenSent: error.mayHaveBeenSent))
    }
    return exchange
  }
}
