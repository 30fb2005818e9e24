#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns an HTTP answer into data or an error, by the contract's §2.
struct AnswerReader {
  /// How much of an answer that is not JSON an error quotes, in bytes.
  private static let excerptBytes = 256

  /// What is needed to tell of an error, and asked for only then.
  struct Context {
    /// Masks what the call and the client hold of secrets, wherever an answer echoes it.
    let mask: SecretMask
    let now: Date
  }

  let operation: String
  let requestID: String

  /// Why an answer is not data.
  enum Refusal: Error {
    /// It is an error.
    case failure
    /// It is not what the contract says.
    case malformed(JSONError)
  }

  /// Reads an answer.
  ///
  /// - Parameter data: takes its data.
  /// - Returns: what it says beside them.
  /// - Throws: ``Refusal``, of which ``error(for:in:context:)`` tells more.
  func read<Value: WireValue>(
    _ response: TransportResponse, attempt: Int, into data: inout Value?
  ) throws -> AnswerFacts {
    guard (200..<300).contains(response.status) else { throw Refusal.failure }
    var envelope = EnvelopeFacts()
    do {
      try Value.readEnvelope(response.body, into: &data, facts: &envelope)
    } catch let error as JSONError {
      throw Refusal.malformed(error)
    }
    let requestID = envelope.requestID ?? response.headers.nonEmpty("X-Request-ID") ?? requestID
    guard data?.adopt(requestID: requestID) != nil else { throw Refusal.failure }
    return AnswerFacts(
      status: response.status, headers: response.headers, pagination: envelope.pagination,
      requestID: requestID, attempts: attempt)
  }

  /// As ``read(_:attempt:into:)``, on no actor.
  @concurrent
  func readElsewhere<Value: WireValue>(
    _ response: TransportResponse, attempt: Int
  ) async throws -> (data: Value?, facts: AnswerFacts) {
    var data: Value?
    let facts = try read(response, attempt: attempt, into: &data)
    return (data, facts)
  }

  /// The ``PlystraError``, of kind `api` or `decoding`, of an answer that is not data.
  func error(for refusal: Refusal, in response: TransportResponse, context: Context) -> PlystraError {
    switch refusal {
    case .failure: apiError(response, context)
    case .malformed(let error): decodingError(error, response, context)
    }
  }

  private func decodingError(
    _ cause: JSONError, _ response: TransportResponse, _ context: Context
  ) -> PlystraError {
    let mask = context.mask
    let cause = mask.masked(cause)
    let answered = (try? ErrorEnvelope(parsing: response.body))?.anyRequestID
    return PlystraError(
      kind: .decoding, operation: operation, message: "the answer is not what the contract says: \(cause)",
      status: response.status,
      requestID: (answered ?? response.headers.nonEmpty("X-Request-ID")).map(mask.masked) ?? requestID,
      traceID: response.headers.nonEmpty("X-Plystra-Trace-ID").map(mask.masked),
      auditLogID: response.headers.nonEmpty("X-Plystra-Audit-Log-ID").map(mask.masked),
      underlyingError: cause)
  }

  private func apiError(_ response: TransportResponse, _ context: Context) -> PlystraError {
    let mask = context.mask
    let isJSON = (try? JSONValue(parsing: response.body)) != nil
    let envelope = (try? ErrorEnvelope(parsing: response.body)) ?? ErrorEnvelope()
    /// A text of the body or, where it has none, of a header field.
    func text(_ inBody: String?, orHeader name: String? = nil) -> String? {
      (inBody ?? name.flatMap(response.headers.nonEmpty)).map(mask.masked)
    }
    let code = text(envelope.text("code"), orHeader: "X-Plystra-Error-Code")
    let details = isJSON ? envelope.error?["details"] : excerpt(response.body, mask)
    return PlystraError(
      kind: .api, operation: operation,
      message: text(envelope.text("message")) ?? "the service answered with status \(response.status)",
      status: response.status,
      code: isJSON ? code.map(ErrorCode.init(rawValue:)) ?? .httpError : .invalidJSONResponse,
      denyCode: text(envelope.text("deny_code")).map(DenyCode.init(rawValue:)),
      details: details.flatMap { $0.isNull ? Optional.none : mask.masked($0) },
      requestID: text(envelope.anyRequestID, orHeader: "X-Request-ID") ?? requestID,
      traceID: text(envelope.text("trace_id"), orHeader: "X-Plystra-Trace-ID"),
      auditLogID: text(envelope.text("audit_log_id"), orHeader: "X-Plystra-Audit-Log-ID"),
      retryAfter: retryAfter(response, details, now: context.now))
  }

  private func retryAfter(
    _ response: TransportResponse, _ details: JSONValue?, now: Date
  ) -> Duration? {
    if let text = response.headers["Retry-After"], let wait = RetryAfter.duration(from: text, now: now) {
      return wait
    }
    guard let seconds = details?["retry_after_seconds"]?.doubleValue, seconds >= 0 else { return nil }
    return RetryAfter.duration(from: String(Int64(min(seconds, 1e15))), now: now)
  }

  /// The start of a body that is not JSON, as text, masked first and then cut to whole characters.
  private func excerpt(_ body: [UInt8], _ mask: SecretMask) -> JSONValue? {
    guard !body.isEmpty else { return nil }
    let masked = String(decoding: mask.masked(body, atMost: Self.excerptBytes), as: UTF8.self)
    var text = String.UnicodeScalarView()
    var count = 0
    for scalar in masked.unicodeScalars {
      count += UTF8.width(scalar)
      if count > Self.excerptBytes { break }
      text.append(scalar)
    }
    return .string(String(text))
  }
}

extension TransportHeaders {
  /// The value of the first field of this name, unless it is empty.
  func nonEmpty(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}
