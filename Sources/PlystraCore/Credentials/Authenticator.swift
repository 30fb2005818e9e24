/// The last step before the transport: makes sure that the request still goes where the client's credentials belong,
/// then stamps them.
struct Authenticator: Sendable {
  let baseURL: BaseURL
  let choice: Credentials.Choice
  let credentials: Credentials
  let requestIDHeader: String

  /// A request that interceptors have handled, with what is not theirs put right, and its credential.
  ///
  /// - Parameter original: the request before interceptors saw it.
  /// - Throws: ``PlystraError`` when an interceptor led the request elsewhere, or set what no request can carry.
  func stamp(_ request: TransportRequest, original: TransportRequest) throws -> TransportRequest {
    guard request.url == original.url || baseURL.contains(request.url) else {
      throw PlystraError.invalidRequest(
        "url", "an interceptor led the request away from the client's base URL, or left it malformed")
    }
    guard HeaderSyntax.isName(request.method) else {
      throw PlystraError.invalidRequest("method", "an interceptor set one that is not an HTTP method")
    }
    var request = request
    for name in TransportHeaders.credentialNames { request.headers.remove(name) }
    request.headers[requestIDHeader] = original.headers[requestIDHeader]
    for field in request.headers { try check(field) }
    request.maximumResponseBytes = original.maximumResponseBytes
    request.mayBeResent = request.mayBeResent && original.mayBeResent
    if let field = credentials.header(for: choice) { request.headers.add(field.name, field.value) }
    return request
  }

  /// Refuses a header field that would change where the request goes or where it ends.
  private func check(_ field: TransportHeaders.Field) throws {
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
