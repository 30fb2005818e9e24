package import PlystraCore

/// A request as it arrived at a ``RawServer``.
package struct RawRequest: Sendable {
  /// Which connection of the server it came on, counted from 0.
  package let connection: Int
  /// The method, such as `POST`.
  package let method: String
  /// The request target as it stood in the first line.
  package let target: String
  /// The header fields in the order they came.
  package let headers: TransportHeaders
  /// The body, without chunk framing.
  package let body: [UInt8]
  /// Every byte of head and body, as it came.
  package let bytes: [UInt8]

  /// The body as text.
  package var text: String { String(decoding: body, as: UTF8.self) }
}

/// The head of an HTTP message, read with no more care than a test needs.
struct RawHead {
  let startLine: [String]
  let headers: TransportHeaders

  /// Reads a head up to and with its empty line.
  init(_ bytes: some Collection<UInt8>) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    startLine = (lines.first ?? "").split(separator: " ", maxSplits: 2).map(String.init)
    var headers = TransportHeaders()
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
      headers.add(String(parts[0]), String(value))
    }
    self.headers = headers
  }

  /// How the head says its body ends.
  var framing: Framing {
    if headers["Transfer-Encoding"]?.lowercased() == "chunked" { return .chunked }
    return headers["Content-Length"].flatMap(Int.init).map(Framing.length) ?? .unannounced
  }

  enum Framing { case length(Int), chunked, unannounced }
}

extension TransportResponse {
  /// The answer as it goes on the wire, with `Content-Length` unless it announces its body itself.
  package var bytes: [UInt8] {
    var head = "HTTP/1.1 \(status) Status\r\n"
    for field in headers { head += "\(field.name): \(field.value)\r\n" }
    if headers["Content-Length"] == nil, headers["Transfer-Encoding"] == nil, status != 204 {
      head += "Content-Length: \(body.count)\r\n"
    }
    return Array((head + "\r\n").utf8) + body
  }
}
