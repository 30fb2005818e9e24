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
}

/// Turns an HTTP answer into data or an error, by the contract's §2.
struct AnswerReader {
  /// How much of an answer that is not JSON an error quotes, in bytes.
  private static let excerptBytes = 256
  /// How much is masked before it is cut, so that no credential is cut in half first.
  private static let maskedBytes = 8_192

  let operation: String
  let requestID: String
  /// What must not appear in an error; asked for only when there is one.
  let secrets: () -> [Secret]
  let now: Date

  private var mask: SecretMask { SecretMask(secrets()) }

  /// The data of an answer.
  ///
  /// - Throws: ``PlystraError`` of kind `api` or `decoding`.
  func read<Value: WireValue>(_ response: HTTPResponse) throws -> Answer<Value> {
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
      requestID: envelope.requestID ?? response.headers["X-Request-ID"] ?? requestID)
  }

  private func decodingError(_ cause: JSONError, _ response: HTTPResponse) -> PlystraError {
    let answered = (try? ErrorEnvelope(parsing: response.body))?.anyRequestID
    return PlystraError(
      kind: .decoding, operation: operation,
      message: mask.masked("the answer is not what the contract says: \(cause)"), status: response.status,
      requestID: answered ?? header("X-Request-ID", response) ?? requestID,
      traceID: header("X-Plystra-Trace-ID", response), auditLogID: header("X-Plystra-Audit-Log-ID", response),
      underlyingError: cause)
  }

  private func apiError(_ response: HTTPResponse) -> PlystraError {
    let isJSON = (try? JSONValue(parsing: response.body)) != nil
    let envelope = (try? ErrorEnvelope(parsing: response.body)) ?? ErrorEnvelope()
    let code = envelope.text("code") ?? header("X-Plystra-Error-Code", response)
    let message = envelope.text("message") ?? "the service answered with status \(response.status)"
    let details = isJSON ? envelope.error?["details"] : excerpt(response.body)
    return PlystraError(
      kind: .api, operation: operation, message: mask.masked(message), status: response.status,
      code: isJSON ? code.map(ErrorCode.init(rawValue:)) ?? .httpError : .invalidJSONResponse,
      denyCode: envelope.text("deny_code").map(DenyCode.init(rawValue:)),
      details: details.flatMap { $0.isNull ? nil : mask.masked($0) },
      requestID: envelope.anyRequestID ?? header("X-Request-ID", response) ?? requestID,
      traceID: envelope.text("trace_id") ?? header("X-Plystra-Trace-ID", response),
      auditLogID: envelope.text("audit_log_id") ?? header("X-Plystra-Audit-Log-ID", response),
      retryAfter: retryAfter(response, details))
  }

  private func header(_ name: String, _ response: HTTPResponse) -> String? {
    response.headers[name].flatMap { $0.isEmpty ? nil : mask.masked($0) }
  }

  private func retryAfter(_ response: HTTPResponse, _ details: JSONValue?) -> Duration? {
    if let text = response.headers["Retry-After"], let wait = RetryAfter.duration(from: text, now: now) {
      return wait
    }
    guard let seconds = details?["retry_after_seconds"]?.integerValue else { return nil }
    return RetryAfter.duration(from: String(seconds), now: now)
  }

  /// The start of a body that is not JSON, as text, masked first and cut to whole characters.
  private func excerpt(_ body: [UInt8]) -> JSONValue? {
    guard !body.isEmpty else { return nil }
    let masked = mask.masked(String(decoding: body.prefix(Self.maskedBytes), as: UTF8.self))
    var text = ""
    var count = 0
    for character in masked {
      count += character.utf8.count
      if count > Self.excerptBytes { break }
      text.append(character)
    }
    return .string(text)
  }
}
