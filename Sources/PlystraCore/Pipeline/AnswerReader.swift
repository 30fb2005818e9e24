#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An answer that was read.
struct Answer<Value: WireValue>: Sendable {
  let data: Value
  let status: Int
  let headers: HTTPHeaders
  let pagination: Pagination?
  let requestID: String
  /// How many times the request was attempted.
  let attempts: Int

  /// An error of an answer whose data says something else than it should.
  func refusal(operation: String, message: String, underlyingError: (any Error)? = nil) -> PlystraError {
    PlystraError(
      kind: .decoding, operation: operation, message: message, status: status, requestID: requestID,
      attempts: attempts, underlyingError: underlyingError)
  }
}

/// Turns an HTTP answer into data or an error, by the contract's §2.
struct AnswerReader {
  /// How much of an answer that is not JSON an error quotes, in bytes.
  private static let excerptBytes = 256

  let operation: String
  let requestID: String
  /// What must not appear in an error; asked for only when there is one.
  let secrets: () -> [Secret]
  let now: Date

  private var mask: SecretMask { SecretMask(secrets()) }

  /// The data of an answer.
  ///
  /// - Throws: ``PlystraError`` of kind `api` or `decoding`.
  func read<Value: WireValue>(_ response: HTTPResponse, attempt: Int) throws -> Answer<Value> {
    guard (200..<300).contains(response.status) else { throw apiError(response) }
    let envelope: Envelope<Value>
    do {
      envelope = try Envelope(parsing: response.body)
    } catch let error as JSONError {
      throw decodingError(error, response)
    }
    guard let data = envelope.data else { throw apiError(response) }
    return Answer(
      data: data, status: response.status, headers: response.headers, pagination: envelope.pagination,
      requestID: envelope.requestID ?? response.headers.nonEmpty("X-Request-ID") ?? requestID,
      attempts: attempt)
  }

  private func decodingError(_ cause: JSONError, _ response: HTTPResponse) -> PlystraError {
    let cause = mask.masked(cause)
    let answered = (try? ErrorEnvelope(parsing: response.body))?.anyRequestID
    return PlystraError(
      kind: .decoding, operation: operation, message: "the answer is not what the contract says: \(cause)",
      status: response.status,
      requestID: answered.map(mask.masked) ?? header("X-Request-ID", response) ?? requestID,
      traceID: header("X-Plystra-Trace-ID", response), auditLogID: header("X-Plystra-Audit-Log-ID", response),
      underlyingError: cause)
  }

  private func apiError(_ response: HTTPResponse) -> PlystraError {
    let isJSON = (try? JSONValue(parsing: response.body)) != nil
    let envelope = (try? ErrorEnvelope(parsing: response.body)) ?? ErrorEnvelope()
    func text(_ key: String) -> String? { envelope.text(key).map(mask.masked) }
    let code = text("code") ?? header("X-Plystra-Error-Code", response)
    let details = isJSON ? envelope.error?["details"] : excerpt(response.body)
    return PlystraError(
      kind: .api, operation: operation,
      message: text("message") ?? "the service answered with status \(response.status)",
      status: response.status,
      code: isJSON ? code.map(ErrorCode.init(rawValue:)) ?? .httpError : .invalidJSONResponse,
      denyCode: text("deny_code").map(DenyCode.init(rawValue:)),
      details: details.flatMap { $0.isNull ? nil : mask.masked($0) },
      requestID: envelope.anyRequestID.map(mask.masked) ?? header("X-Request-ID", response) ?? requestID,
      traceID: text("trace_id") ?? header("X-Plystra-Trace-ID", response),
      auditLogID: text("audit_log_id") ?? header("X-Plystra-Audit-Log-ID", response),
      retryAfter: retryAfter(response, details))
  }

  private func header(_ name: String, _ response: HTTPResponse) -> String? {
    response.headers.nonEmpty(name).map(mask.masked)
  }

  private func retryAfter(_ response: HTTPResponse, _ details: JSONValue?) -> Duration? {
    if let text = response.headers["Retry-After"], let wait = RetryAfter.duration(from: text, now: now) {
      return wait
    }
    guard let seconds = details?["retry_after_seconds"]?.doubleValue, seconds >= 0 else { return nil }
    return RetryAfter.duration(from: String(Int64(min(seconds, 1e15))), now: now)
  }

  /// The start of a body that is not JSON, as text, masked first and then cut to whole characters.
  private func excerpt(_ body: [UInt8]) -> JSONValue? {
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

extension HTTPHeaders {
  /// The value of the first field of this name, unless it is empty.
  func nonEmpty(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}
