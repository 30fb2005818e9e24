package import PlystraCore

extension RawConnection {
  /// Reads the next request with its body and puts it down in the server's log.
  ///
  /// - Returns: nil if the other side finished first, even in the middle of a request.
  package func readRequest() throws -> RawRequest? {
    guard let headBytes = try readHead() else { return nil }
    let head = RawHead(headBytes)
    var body: [UInt8] = []
    var bodyBytes: [UInt8] = []
    switch head.framing {
    case .unannounced: break
    case .length(let count):
      guard let bytes = try read(count) else { return nil }
      body = bytes
      bodyBytes = bytes
    case .chunked:
      guard let (decoded, bytes) = try readChunks() else { return nil }
      body = decoded
      bodyBytes = bytes
    }
    let request = RawRequest(
      connection: number,
      method: head.startLine.first ?? "",
      target: head.startLine.count > 1 ? head.startLine[1] : "",
      headers: head.headers,
      body: body,
      bytes: headBytes + bodyBytes)
    note(request)
    return request
  }

  /// Reads the next answer with its body, as a client; interim answers (1xx) are returned like others.
  ///
  /// - Parameter hasBody: false for the answer to a HEAD request.
  /// - Returns: nil if the other side finished first.
  package func readResponse(hasBody: Bool = true) throws -> TransportResponse? {
    guard let headBytes = try readHead() else { return nil }
    let head = RawHead(headBytes)
    let status = head.startLine.count > 1 ? Int(head.startLine[1]) ?? 0 : 0
    var response = TransportResponse(status: status, headers: head.headers)
    guard hasBody, status >= 200, status != 204, status != 304 else { return response }
    switch head.framing {
    case .length(let count):
      guard let bytes = try read(count) else { return nil }
      response.body = bytes
    case .chunked:
      guard let (decoded, _) = try readChunks() else { return nil }
      response.body = decoded
    case .unannounced: response.body = try readToEnd()
    }
    return response
  }

  /// Reads the bytes of a head, with its empty line; nil if the other side finished first.
  package func readHead() throws -> [UInt8]? { try read(through: Array("\r\n\r\n".utf8)) }

  /// Reads a number of bytes; nil if the other side finished first.
  package func read(_ count: Int) throws -> [UInt8]? {
    while pending.count < count {
      guard try receive() else { return nil }
    }
    defer { pending.removeFirst(count) }
    return Array(pending.prefix(count))
  }

  /// Reads everything until the other side finishes.
  package func readToEnd() throws -> [UInt8] {
    while try receive() {}
    defer { pending = [] }
    return pending
  }

  private func read(through end: [UInt8]) throws -> [UInt8]? {
    var searched = 0
    while true {
      while searched < pending.count {
        searched += 1
        // Few bytes end as a line does; only those are looked at more closely, for there are thousands of servers.
        if pending[searched - 1] == UInt8(ascii: "\n"), pending[..<searched].suffix(end.count) == end[...] {
          return try read(searched)
        }
      }
      guard try receive() else { return nil }
    }
  }

  private func readChunks() throws -> (decoded: [UInt8], bytes: [UInt8])? {
    let lineEnd = Array("\r\n".utf8)
    var decoded: [UInt8] = []
    var bytes: [UInt8] = []
    while true {
      guard let line = try read(through: lineEnd) else { return nil }
      bytes += line
      let digits = String(decoding: line.dropLast(2), as: UTF8.self)
      guard let size = Int(digits, radix: 16), size > 0 else { break }
      guard let chunk = try read(size + 2) else { return nil }
      bytes += chunk
      decoded += chunk.dropLast(2)
    }
    while let line = try read(through: lineEnd) {
      bytes += line
      if line == lineEnd { return (decoded, bytes) }
    }
    return nil
  }
}
