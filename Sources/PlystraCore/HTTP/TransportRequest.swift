/// An HTTP request with what a transport needs to send it.
public struct TransportRequest: Sendable {
  /// The method, such as `GET`, as it goes on the wire.
  public var method: String
  /// The absolute URL, `http` or `https`, already percent-encoded; a transport sends it as it is.
  public var url: String
  /// The header fields, except `Host` and those that frame the body, which the transport adds.
  public var headers: TransportHeaders
  /// The body; nil sends none.
  public var body: [UInt8]?
  /// Time from the call of `send` to the last byte of the response.
  public var timeout: Duration
  /// The largest response body to accept, in bytes after content decoding.
  public var maximumResponseBytes: Int
  /// Whether the server may receive the request more than once.
  ///
  /// When false, the transport sends it on a connection on which it cannot silently be repeated.
  public var mayBeResent: Bool
  /// Whether somebody looks at the ``TransportMetrics`` of the response or the error.
  public var collectsMetrics: Bool

  /// Creates a request. By default: 30 s for all of it, 4 MiB for the response, no resending and no metrics.
  public init(
    method: String,
    url: String,
    headers: TransportHeaders = TransportHeaders(),
    body: [UInt8]? = nil,
    timeout: Duration = .seconds(30),
    maximumResponseBytes: Int = 4 << 20,
    mayBeResent: Bool = false,
    collectsMetrics: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maximumResponseBytes = maximumResponseBytes
    self.mayBeResent = mayBeResent
    self.collectsMetrics = collectsMetrics
  }
}

extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method, URL and body length; never header values or body bytes, which may hold credentials.
  public var description: String {
    "\(OneLine.text(method)) \(OneLine.text(url))" + (body.map { ", body of \($0.count) bytes" } ?? "")
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Everything but the body's bytes and the values of credential headers.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "method": method, "url": url, "headers": headers, "bodyLength": body?.count as Any,
        "timeout": timeout, "maximumResponseBytes": maximumResponseBytes, "mayBeResent": mayBeResent,
        "collectsMetrics": collectsMetrics,
      ])
  }
}
