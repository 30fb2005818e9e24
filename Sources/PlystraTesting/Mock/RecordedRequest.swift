public import PlystraCore

/// A request as an instrument of this module saw it, safe to print: where a credential stood there is `***`.
///
/// ```swift
/// let request = try #require(mock.requests.first)
/// #expect(request.operation == .authzCheck)
/// #expect(request.body?["action"] == "approve")
/// #expect(request.apiKey == Secret("ply_ak_test.secret"))
/// ```
public struct RecordedRequest: Sendable {
  /// The call of the SDK that it belongs to; nil for a request to another route.
  public let operation: ServiceOperation?
  /// The method, such as `GET`.
  public let method: String
  /// The absolute URL, credentials in it replaced by `***`.
  public let url: String
  /// The path of the URL as it was sent, encoded, with the base URL's own.
  public let path: String
  /// The header fields, with `***` for the values of credentials.
  public let headers: TransportHeaders
  /// The body as JSON, with `***` for passwords and tokens, which ``secret(_:)`` gives; nil if there is none, or it is
  /// not JSON.
  public let body: JSONValue?
  /// How many bytes the body has.
  public let bodySize: Int
  /// The time that the caller gave the exchange.
  public let timeout: Duration
  /// The API key that it carries (`X-Plystra-API-Key`).
  public let apiKey: Secret?
  /// The access token that it carries (`Authorization: Bearer`).
  public let accessToken: Secret?

  private let address: RequestAddress
  private let secrets: [String: Secret]

  /// Looks at a request.
  public init(_ request: TransportRequest) {
    var redactor = Redactor(Redaction(), style: .mask, includesPersonalData: false)
    let clean = redactor.request(request)
    address = RequestAddress(clean.url)
    operation = ServiceOperation(method: request.method, address: RequestAddress(request.url))
    method = request.method
    url = clean.url
    path = address.path
    headers = clean.headers
    body = clean.body.flatMap { try? JSONValue(parsing: $0) }
    bodySize = request.body?.count ?? 0
    timeout = request.timeout
    apiKey = request.headers["X-Plystra-API-Key"].map { Secret($0) }
    accessToken = request.headers["Authorization"].flatMap { value in
      let parts = value.split(separator: " ", maxSplits: 1)
      return parts.count == 2 && parts[0].lowercased() == "bearer" ? Secret(String(parts[1])) : nil
    }
    secrets = Self.secrets(in: request.body)
  }

  /// Whether it carries an API key, an access token, or both.
  public var hasCredential: Bool { apiKey != nil || accessToken != nil }

  /// The id of the call, which goes along in `X-Request-ID`.
  public var requestID: String? { headers["X-Request-ID"] }

  /// The decoded value of the query's first item of a name, or nil if there is none.
  public func query(_ name: String) -> String? { address.items.first { $0.name == name }?.value }

  /// The text of a field at the top of the body, such as `password` or `refresh_token`.
  public func secret(_ field: String) -> Secret? { secrets[field] }

  private static func secrets(in body: [UInt8]?) -> [String: Secret] {
    guard let body, let members = try? JSONValue(parsing: body).objectValue else { return [:] }
    return Dictionary(
      members.compactMap { member in member.value.stringValue.map { (member.key, Secret($0)) } },
      uniquingKeysWith: { $1 })
  }
}

extension RecordedRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method, path with query, and operation, such as `POST /api/v1/authz/check (authz.check)`.
  public var description: String { Self.line(method: method, address: address, operation: operation) }

  /// A request that holds no secret on one line.
  static func line(method: String, address: RequestAddress, operation: ServiceOperation?) -> String {
    let items = address.items.map(\.written).joined(separator: "&")
    let text = "\(method) \(address.path)" + (items.isEmpty ? "" : "?\(items)")
    return OneLine.text(text, atMost: .max) + (operation.map { " (\($0))" } ?? "")
  }

  /// The same as `description`.
  public var debugDescription: String { description }
  /// What can be seen without a credential.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "operation": operation as Any, "method": method, "url": url, "headers": headers,
        "body": body as Any, "bodySize": bodySize, "timeout": timeout, "apiKey": apiKey as Any,
        "accessToken": accessToken as Any,
      ])
  }
}
