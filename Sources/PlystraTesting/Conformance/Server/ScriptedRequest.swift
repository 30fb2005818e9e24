import PlystraCore

/// A request as it arrived at a ``ScriptedServer``, with every header field.
struct ScriptedRequest: Sendable {
  /// Which connection of the server it came on.
  let connection: Int
  let method: String
  /// The request target as it stood in the first line.
  let target: String
  let headers: TransportHeaders
  var body: [UInt8] = []

  enum Framing { case none, length(Int), chunked }

  /// Reads a head without its empty line.
  init(head: [UInt8], connection: Int) {
    self.connection = connection
    let lines = head.split(separator: HTTPGrammar.lineFeed).map { line in
      line.last == HTTPGrammar.carriageReturn ? line.dropLast() : line
    }
    let start = (lines.first ?? []).split(separator: HTTPGrammar.space).map(HTTPGrammar.text)
    method = start.first ?? ""
    target = start.count > 1 ? start[1] : ""
    var headers = TransportHeaders()
    for line in lines.dropFirst() {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? HTTPGrammar.text(parts[1]) : ""
      headers.add(HTTPGrammar.text(parts[0]), value.trimmed())
    }
    self.headers = headers
  }

  /// How the head says that its body ends.
  var framing: Framing {
    if headers["Transfer-Encoding"]?.lowercased() == "chunked" { return .chunked }
    return headers["Content-Length"].flatMap(Int.init).map(Framing.length) ?? .none
  }

  /// Whether the sender decodes gzip.
  var asksForGzip: Bool {
    headers.values(of: "Accept-Encoding").contains { $0.lowercased().contains("gzip") }
  }
}

extension TransportResponse {
  /// The answer as it goes on the wire, with `Content-Length` unless its headers frame the body themselves.
  var wireBytes: [UInt8] {
    var head = "HTTP/1.1 \(status) Status\r\n"
    for field in headers { head += "\(field.name): \(field.value)\r\n" }
    if headers["Content-Length"] == nil, headers["Transfer-Encoding"] == nil, status != 204, status != 304 {
      head += "Content-Length: \(body.count)\r\n"
    }
    return Array((head + "\r\n").utf8) + body
  }
}
