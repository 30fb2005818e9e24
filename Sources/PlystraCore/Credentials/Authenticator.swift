/// The last step before the transport: makes sure that the request still goes where the client's credentials belong,
/// then stamps them.
struct Authenticator {
  let origin: String
  let choice: Credentials.Choice
  let credentials: Credentials

  /// The request as it may leave.
  ///
  /// - Parameter original: the request before interceptors saw it.
  /// - Throws: ``PlystraError`` when an interceptor led the request to another origin.
  func authenticate(_ request: HTTPRequest, original: HTTPRequest) throws -> HTTPRequest {
    guard isAtOrigin(request.url) else {
      throw PlystraError.invalidRequest(
        "url", "an interceptor led the request away from the client's base URL")
    }
    var request = request
    for name in HTTPHeaders.credentialNames { request.headers.remove(name) }
    request.headers["X-Request-ID"] = original.headers["X-Request-ID"]
    request.timeout = min(request.timeout, original.timeout)
    request.maximumResponseBytes = original.maximumResponseBytes
    request.mayBeResent = request.mayBeResent && original.mayBeResent
    if let field = credentials.header(for: choice) { request.headers.add(field.name, field.value) }
    return request
  }

  private func isAtOrigin(_ url: String) -> Bool {
    guard url.hasPrefix(origin) else { return false }
    let next = url.dropFirst(origin.count).first
    return next == "/" || next == nil || next == "?"
  }
}
