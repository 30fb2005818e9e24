#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns an HTTP response into data or an error, by the contract's §2.
struct ResponseReader: Sendable {
  /// How much of a response that is not JSON an error quotes, in bytes.
  private static let excerptBytes = 256

  /// Which request id a response with data must name.
  enum IDRule: Sendable {
    case any, asSent, asSentOrNone
  }

  let client: ClientCore
  let operation: String
  /// The id that was sent.
  let requestID: String
  let attempts: Int
  /// What the attempt carried, which a response may echo.
  let credentials: Credentials
  /// Passwords and tokens of the request's body, which a response may echo.
  let secrets: [Secret]?
  let idRule: IDRule

  /// Why a response is not data.
  private enum Problem: Error {
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
  /// - Parameter mismatch: names what shows that the data belongs to another request; nil where nothing does.
  /// - Throws: ``PlystraError`` of kind `api` or `decoding`.
  func read<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: (Value) -> String?
  ) throws -> APIResponse<Value> {
    do {
      return try readData(response, mismatch)
    } catch let problem as Problem {
      let mask = client.mask(credentials.secrets + (secrets ?? []))
      throw error(for: problem, response, Context(mask: mask, now: client.timing.wallClock()))
    }
  }

  /// As ``read(_:_:)``, on no actor.
  @concurrent
  func readConcurrently<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: @Sendable (Value) -> String?
  ) async throws -> APIResponse<Value> {
    try read(response, mismatch)
  }

  /// - Throws: ``Problem``.
  private func readData<Value: WireValue>(
    _ response: TransportResponse, _ mismatch: (Value) -> String?
  ) throws -> APIResponse<Value> {
    guard (200..<300).contains(response.status) else { throw Problem.failure }
    let envelope: Envelope<Value>
    do {
      envelope = try Envelope(parsing: response.body)
    } catch let error as JSONError {
      throw Problem.malformed(error)
    }
    guard let value = envelope.data else { throw Problem.failure }
    let named = envelope.requestID ?? response.headers.nonEmpty(requestIDHeader)
    let requestID = named ?? requestID
    guard accepts(named) else { throw Problem.otherRequest(id: named) }
    if let field = mismatch(value) { throw Problem.otherQuestion(field: field) }
    return APIResponse(
      data: value, status: response.status, headers: response.headers, limit: envelope.pagination?.limit,
      cursor: envelope.pagination?.cursor, hasMore: envelope.pagination?.hasMore ?? false,
      requestID: requestID,
      attempts: attempts)
  }

  /// Whether a response with data may name this request id (contract §6).
  private func accepts(_ id: String?) -> Bool {
    switch idRule {
    case .any: true
    case .asSent: id == requestID
    case .asSentOrNone: id == nil || id == requestID
    }
  }

  private var requestIDHeader: String { client.configuration.requestIDHeader }

  // MARK: Errors

  /// What the errors of a response need.
  private struct Context {
    /// Masks the secrets of the call and the client, wherever a response echoes them.
    let mask: SecretMask
    let now: Date
  }

  private func error(
    for problem: Problem, _ response: TransportResponse, _ context: Context
  ) -> PlystraError {
    switch problem {
    case .failure: apiError(response, context)
    case .malformed(let error): malformedError(error, response, context)
    case .otherRequest(let id): foreignError(id, field: nil, response, context)
    case .otherQuestion(let field): foreignError(nil, field: field, response, context)
    }
  }

  private func malformedError(
    _ cause: JSONError, _ response: TransportResponse, _ context: Context
  ) -> PlystraError {
    let mask = context.mask
    let cause = mask.masked(cause)
    let body = try? ErrorEnvelope(parsing: response.body)
    // The response to another call is mostly of another type, so its id says more than what it lacks.
    if let named = body?.requestID, !accepts(named) {
      return foreignError(named, field: nil, response, context)
    }
    return decodingError(
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
    return decodingError(
      cause.description, response, context, requestID: requestID, underlyingError: cause)
  }

  private func decodingError(
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

extension APIResponse {
  /// The error of a response whose data says something else than it should.
  func decodingError(
    operation: String, message: String, underlyingError: (any Error)? = nil, mask: SecretMask
  ) -> PlystraError {
    PlystraError(
      kind: .decoding, operation: operation, message: message, status: status,
      requestID: mask.masked(requestID), attempts: attempts, underlyingError: underlyingError)
  }

  /// The same response with other data.
  func with<Data: Sendable>(data: Data) -> APIResponse<Data> {
    APIResponse<Data>(
      data: data, status: status, headers: headers, limit: limit, cursor: cursor, hasMore: hasMore,
      requestID: requestID, attempts: attempts)
  }
}
