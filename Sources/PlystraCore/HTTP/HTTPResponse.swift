/// An HTTP answer with its whole body, of any status.
public struct HTTPResponse: Sendable {
  /// The final status, 200…599; interim answers (1xx) are never returned.
  public var status: Int
  /// The header fields of the final answer.
  public var headers: HTTPHeaders
  /// The body after content decoding; empty when there was none.
  public var body: [UInt8]

  /// Makes a response of its parts.
  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Status and body length; never body bytes, which may hold credentials.
  public var description: String { "HTTP \(status), body of \(body.count) bytes" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Everything but the body's bytes and the values of credential headers.
  public var customMirror: Mirror {
    Mirror(self, children: ["status": status, "headers": headers, "bodyLength": body.count])
  }
}
