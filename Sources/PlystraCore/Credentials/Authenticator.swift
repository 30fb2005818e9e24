/// The last step before the transport, and the only one that applies credentials.
struct Authenticator: Sendable {
  let client: ClientCore
  /// The header field of the credentials; nil if the call carries none.
  let field: TransportHeaders.Field?

  /// Applies the credentials and sends the request.
  nonisolated(nonsending) func send(
    _ request: consuming TransportRequest
  ) async throws -> TransportResponse {
    if let field { request.headers.add(field.name, field.value) }
    return try await client.transport.send(request)
  }

  /// A request that interceptors have handled, with what is not theirs restored: only then may it carry credentials.
  ///
  /// - Parameter original: the request before interceptors saw it.
  /// - Throws: ``PlystraError`` when an interceptor led the request elsewhere, or set what no request can carry.
  func verify(_ request: TransportRequest, original: TransportRequest) throws -> TransportRequest {
    guard request.url == original.url || client.baseURL.contains(request.url) else {
      throw PlystraError.invalidRequest(
        "url", "an interceptor led the request away from the client's base URL, or left it malformed")
    }
    guard HeaderSyntax.isName(request.method) else {
      throw PlystraError.invalidRequest("method", "an interceptor set one that is not an HTTP method")
    }
    var request = request
    for name in TransportHeaders.credentialNames { request.headers.remove(name) }
    let requestIDHeader = client.configuration.requestIDHeader
    request.headers[requestIDHeader] = original.headers[requestIDHeader]
    for field in request.headers { try verify(field) }
    request.maximumResponseBytes = original.maximumResponseBytes
    request.mayBeResent = request.mayBeResent && original.mayBeResent
    return request
  }

  /// Refuses a header field that would change where the request goes or where it ends.
  private func verify(_ field: TransportHeaders.Field) throws {
    guard HeaderSyntax.isName(field.name) else {
      throw PlystraError.invalidRequest("headers", "an interceptor set a name that is not a header name")
    }
    guard !HeaderSyntax.belongsToTransport(field.name) else {
      throw PlystraError.invalidRequest(
        "headers", "an interceptor set \(field.name), which the transport sets itself")
    }
    guard HeaderSyntax.isValue(field.value) else {
      throw PlystraError.invalidRequest(
        "headers", "an interceptor set \(field.name) to what is not printable ASCII, or has space around it")
    }
  }
}
