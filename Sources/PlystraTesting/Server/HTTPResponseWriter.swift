import PlystraCore

/// Puts an answer into the bytes that go on the wire.
struct HTTPResponseWriter {
  /// What the request and the connection ask of the answer's form.
  struct Form {
    /// Whether the body is left out because the request was HEAD.
    var isHead = false
    /// Whether the client speaks HTTP/1.0, which must be told that the connection stays open.
    var isVersion10 = false
    /// Whether the connection ends with this answer.
    var closes = false
  }

  private var date = ServerDate()

  /// Adds an answer to `output`.
  ///
  /// An answer that cannot go on the wire as it is (a status outside 200…599, a header field that would
  /// break the head apart) becomes a 500.
  mutating func append(_ response: TransportResponse, form: Form, to output: inout [UInt8]) {
    guard (200...599).contains(response.status), response.headers.allSatisfy(Self.isValid) else {
      let text = "The server's answer cannot be sent as HTTP.\n"
      return append(.plain(500, text), form: form, to: &output)
    }
    output.reserveCapacity(output.count + 512 + response.body.count)
    output += "HTTP/1.1 \(response.status) \(Self.reason(response.status))\r\n".utf8
    for field in response.headers where !Self.isOwn(field.name) {
      output += field.name.utf8
      output += ": ".utf8
      output += field.value.utf8
      output += "\r\n".utf8
    }
    output += "Date: ".utf8
    output += date.now()
    if response.status != 204 {
      output += "\r\nContent-Length: ".utf8
      output += String(response.body.count).utf8
    }
    if form.closes {
      output += "\r\nConnection: close".utf8
    } else if form.isVersion10 {
      output += "\r\nConnection: keep-alive".utf8
    }
    output += "\r\n\r\n".utf8
    if !form.isHead, response.status != 204, response.status != 304 { output += response.body }
  }

  private static func isValid(_ field: TransportHeaders.Field) -> Bool {
    !field.name.isEmpty && field.name.utf8.allSatisfy(HeaderSyntax.isTokenByte)
      && field.value.utf8.allSatisfy(HTTPGrammar.isFieldValue)
  }

  /// Whether the server itself decides about a field.
  private static func isOwn(_ name: String) -> Bool {
    let bytes = name.utf8
    return switch bytes.count {
    case 4: HTTPGrammar.matches(bytes, "date")
    case 10: HTTPGrammar.matches(bytes, "connection") || HTTPGrammar.matches(bytes, "keep-alive")
    case 14: HTTPGrammar.matches(bytes, "content-length")
    case 17: HTTPGrammar.matches(bytes, "transfer-encoding")
    default: false
    }
  }

  /// The words that go with a status; clients read only the number.
  static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }
}

extension TransportResponse {
  /// An answer of plain text.
  static func plain(_ status: Int, _ text: String) -> TransportResponse {
    TransportResponse(
      status: status,
      headers: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"],
      body: Array(text.utf8))
  }
}
