#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension PlystraClient {
  /// Sends a request to any route and returns its envelope, with `data` as any JSON.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func request(_ request: APIRequest) async throws -> APIResponse<JSONValue> {
    try await call(request.endpoint()).response()
  }

  /// Sends a request to any route and returns its envelope, with `data` decoded as a type of the application.
  ///
  /// `JSONDecoder` reads the bytes of `data` as they arrived, so that numbers keep all their digits. Before that, the
  /// whole response is checked as strictly as any other: UTF-8, nesting of at most 128, no second `data` or `error`.
  /// Of a key that appears twice within `data`, `JSONDecoder` takes the first.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; of kind `decoding`, with the error of the type as the underlying
  ///   one, where `data` is not a value of the type.
  @_alwaysEmitIntoClient
  public func request<Value: Decodable & Sendable>(
    _ request: APIRequest, as type: Value.Type
  ) async throws -> APIResponse<Value> {
    // Compiled into the application that calls it: `JSONDecoder` would make every stripped program with a static runtime
    // 16.8 MB large instead of 11.6, because the linker keeps this function even if it is alone in its file.
    try await self.request(request) { bytes in try JSONDecoder().decode(type, from: Data(bytes)) }
  }

  /// Sends a request to any route and returns its envelope, with the bytes of `data` decoded.
  @usableFromInline
  func request<Value: Sendable>(
    _ request: APIRequest, decode: ([UInt8]) throws -> Value
  ) async throws -> APIResponse<Value> {
    let endpoint = try request.endpoint()
    let response: APIResponse<RawJSON> = try await call(endpoint).response()
    do {
      return response.with(data: try decode(response.data.bytes))
    } catch {
      let mask = core.mask(endpoint.secrets ?? [])
      throw response.decodingError(
        operation: endpoint.operation, message: "the response's data is not a \(Value.self)",
        underlyingError: mask.masked(error), mask: mask)
    }
  }
}
