#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PlystraClient {
  /// Sends a request to any route and returns its envelope, with `data` as any JSON.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func request(_ request: APIRequest) async throws -> APIResponse<JSONValue> {
    let answer: Answer<JSONValue> = try await call(request.endpoint()).answer()
    return answer.response(with: answer.data)
  }

  /// Sends a request to any route and returns its envelope, with `data` decoded as a type of the application.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func request<Value: Decodable & Sendable>(
    _ request: APIRequest, as type: Value.Type
  ) async throws -> APIResponse<Value> {
    let answer: Answer<JSONValue> = try await call(request.endpoint()).answer()
    do {
      let value = try JSONDecoder().decode(type, from: Data(answer.data.serialized()))
      return answer.response(with: value)
    } catch {
      let mask = SecretMask(core.credentials.secrets)
      throw answer.facts.refusal(
        operation: "request", message: "the answer's data is not a \(type)",
        underlyingError: (error as? DecodingError).map(mask.masked) ?? error, mask: mask)
    }
  }
}

extension Answer {
  fileprivate func response<Data: Sendable>(with data: Data) -> APIResponse<Data> {
    APIResponse(
      data: data, status: facts.status, headers: facts.headers, limit: facts.pagination?.limit,
      cursor: facts.pagination?.cursor, hasMore: facts.pagination?.hasMore ?? false,
      requestID: facts.requestID)
  }
}
