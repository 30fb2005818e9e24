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

  /// Which request id a response with data must name.
  enum IDRule: Sendable {
    case any, asSent, asSentOrNone
  }

  let operation: String
  /// The id that was sent.
  let requestID: String
  let requestIDHeader: String
  let idRule: IDRule

  /// Why a response is not data.
  enum Refusal: Error {
    /// It is an error.
    case failure
    /// It is not what the contract says.
    case malformed(JSONError)
    /// It names another request id than the one that was sent, or none where one is needed.
    case otherRequest(id: String?)
    /// It is a decision about another question, as a field of its audit record shows.
    case otherQuestion(field: String)
  }

  /// Reads a response.
  ///
  /// - Parameter data: takes its data.
  /// - Returns: what it says next to them.
  /// - Throws: ``Refusal``, of which ``error(for:in:context:)`` tells more.
  func read<Value: WireValue>(
    _ response: TransportResponse, attempt: Int, into data: inout Value?
  ) throws -> AnswerFacts {
    guard (200..<300).contains(response.status) else { throw Refusal.failure }
    let envelope: Envelope<Value>
    do {
      envelope = try Envelope(parsing: response.body)
    } catch let error as JSONError {
      throw Refusal.malformed(error)
    }
    guard let value = envelope.data else { throw Refusal.failure }
    let named = envelope.requestID ?? response.headers.nonEmpty(requestIDHeader)
    let requestID = named ?? requestID
    guard accepts(named) else { throw Refusal.otherRequest(id: named) }
    data = value
    return AnswerFacts(
      status: response.status, headers: response.headers, pagination: envelope.pagination,
      requestID: requestID, attempts: attempt)
  }

  /// Whether a response with data may name this request id (contract §6).
  private func accepts(_ id: String?) -> Bool {
    switch idRule {
    case .any: true
    case .asSent: id == requestID
    case .asSentOrNone: id == nil || id == requestID
    }
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

  /// The ``PlystraError``, of kind `api` or `decoding`, of a response that is not data.
  func error(for refusal: Refusal, in response: TransportResponse, context: Context) -> PlystraError {
    switch refusal {
    case .failure: apiError(response, context)
    case .malformed(let error): decodingError(error, response, context)
    case .otherRequest(let id): foreignError(id, field: nil, response, context)
    case .otherQuestion(let field): foreignError(nil, field: field, response, context)
    }
  }

  /// As ``error(for:in:context:)``, on no actor.
  @concurrent
  func errorElsewhere(
    for refusal: Refusal, in response: TransportResponse, context: Context
  ) async -> PlystraError {
    error(for: refusal, in: response, context: context)
  }

  private func decodingError(
    _ cause: JSONError, _ response: TransportResponse, _ context: Context
  ) -> PlystraError {
    let mask = context.mask
    let cause = mask.masked(cause)
    let body = try? ErrorEnvelope(parsing: response.body)
    // The response to another call is mostly of another type, so its id tells more than what it lacks.
    if let named = body?.requestID, !accepts(named) {
      return foreignError(named, field: nil, response, context)
    }
    return refusal(
      "the answer is not what the contract says: \(cause)", response, context,
      requestID: (body?.requestID ?? response.headers.nonEmpty(requestIDHeader)).map(mask.masked)
        ?? requestID,
      underlyingError: cause)
  }

  private func foreignError(
    _ id: String?, field: String?, _ response: TransportResponse, _ context: Context
  ) -> PlystraError {
    let cause = ForeignResponse(
      sentRequestID: requestID, receivedRequestID: id.map(context.mask.masked), mismatchedField: field)
    return refusal(
      cause.description, response, context, requestID: requestID, underlyingError: cause)
  }

  private func refusal(
    _ message: String, _ response: TransportResponse, _ context: Context, requestID: String,
    underlyingError: any Error
  ) -> PlystraError {
    PlystraError(
      kind: .decoding, operation: operation, message: message, status: response.status, requestID: requestID,
      traceID: response.headers.nonEmpty("X-Plystra-Trace-ID").map(context.mask.masked),
      auditLogID: response.headers.nonEmpty("X-Plystra-Audit-Log-ID").map(context.mask.masked),
      underlyingError: underlyingError)
  }

  private func apiError(_ response: TransportResponse, _ context: Context) -> PlystraError {
    let mask = context.mask
    let isJSON = (try? JSONValue(parsing: response.body)) != nil
    let envelope = try? ErrorEnvelope(parsing: response.body)
    /// A text of the body or, where it has none, of a header field.
    func text(_ inBody: String?, orHeader name: String? = nil) -> String? {
      (inBody ?? name.flatMap(response.headers.nonEmpty)).map(mask.masked)
    }
    let code = text(envelope?.text("code"), orHeader: "X-Plystra-Error-Code")
    let details = isJSON ? envelope?.error?["details"] : excerpt(response.body, mask)
    return PlystraError(
      kind: .api, operation: operation,
      message: text(envelope?.text("message")) ?? "the service answered with status \(response.status)",
      status: response.status,
      code: isJSON ? code.map(ErrorCode.init(rawValue:)) ?? .httpError : .invalidJSONResponse,
      denyCode: text(envelope?.text("deny_code")).map(DenyCode.init(rawValue:)),
      details: details.flatMap { $0.isNull ? Optional.none : mask.masked($0) },
      requestID: text(envelope?.requestID, orHeader: requestIDHeader) ?? requestID,
      traceID: text(envelope?.text("trace_id"), orHeader: "X-Plystra-Trace-ID"),
      auditLogID: text(envelope?.text("audit_log_id"), orHeader: "X-Plystra-Audit-Log-ID"),
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
