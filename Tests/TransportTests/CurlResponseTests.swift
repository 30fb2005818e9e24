import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: whole responses and limits", .timeLimit(.minutes(minutesOfAHang)))
struct CurlResponseTests {
  // MARK: Whole responses

  @Test("Status, fields and body come back as they were sent")
  func plain() async throws {
    let response = try await curlAnswer(
      from: replying(
        "HTTP/1.1 418 I am\r\nX-A: 1\r\nx-a:2\r\nX-Empty:\r\nX-Space: \t v \t\r\n"
          + "Content-Length: 4\r\n\r\n\u{1}\u{2}\u{3}\u{0}"))
    #expect(response.status == 418)
    #expect(response.headers.values(of: "X-A") == ["1", "2"])
    #expect(response.headers["X-Empty"] == "")
    #expect(response.headers["X-Space"] == "v")
    #expect(response.headers.count == 5)
    #expect(response.body == [1, 2, 3, 0])
  }

  @Test("Interim answers are passed over, with their fields")
  func interim() async throws {
    let response = try await curlAnswer(
      from: replying(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\nX: early\r\n\r\n"
          + "HTTP/1.1 200 OK\r\nX: final\r\nContent-Length: 2\r\n\r\nok"))
    #expect(response.status == 200)
    #expect(response.headers.map(\.name) == ["X", "Content-Length"])
    #expect(response.headers["X"] == "final")
    #expect(response.body == Array("ok".utf8))
  }

  @Test("HTTP/1.0, to the end of the connection")
  func oldVersion() async throws {
    let response = try await curlAnswer(from: replying("HTTP/1.0 200 OK\r\nX: 1\r\n\r\nall of it"))
    #expect(response.status == 200)
    #expect(response.body == Array("all of it".utf8))
  }

  @Test("Chunks, with trailer fields that are left out")
  func chunks() async throws {
    let response = try await curlAnswer(
      from: replying(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: 1\r\n\r\n"
          + "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX: trailer\r\nHTTP/1.1: 500\r\n\r\n"))
    #expect(response.status == 200)
    #expect(response.headers["X"] == "1")
    #expect(response.headers.map(\.name) == ["Transfer-Encoding", "X"])
    #expect(response.body == Array("abcde".utf8))
  }

  @Test("A field that is continued on the next line is one field")
  func continuedField() async throws {
    let response = try await curlAnswer(
      from: replying("HTTP/1.1 200 OK\r\nX: one\r\n  two\r\nY: 3\r\nContent-Length: 0\r\n\r\n"))
    #expect(response.headers["X"] == "one two")
    #expect(response.headers["Y"] == "3")
  }

  @Test("No body where there can be none", arguments: [204, 304])
  func withoutBody(status: Int) async throws {
    let response = try await curlAnswer(from: replying("HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\n"))
    #expect(response.status == status)
    #expect(response.body == [])
  }

  @Test("The answer to HEAD has the length of a body that does not come")
  func head() async throws {
    let response = try await curlAnswer({ curlRequest("HEAD", $0, maximumResponseBytes: 10) }) {
      _ = try $0.readRequest()
      try $0.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n")
      try $0.holdUntilClosed()
    }
    #expect(response.headers["Content-Length"] == "5000000")
    #expect(response.body == [])
  }

  @Test("Compressed bodies are decoded")
  func gzip() async throws {
    let body = GzipBomb.bytes(decodingTo: 259)
    let server = try RawServer.responding(headers: ["Content-Encoding": "gzip"], body: body)
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let response = try await transport.send(curlRequest("GET", server.url, maximumResponseBytes: 259))
    #expect(response.body == [UInt8](repeating: 0, count: 259))
    #expect(server.requests[0].headers["Accept-Encoding"]?.contains("gzip") == true)
  }

  // MARK: Limits

  @Test("The limit is exact", arguments: [0, 1, 1000, 300_000], [true, false])
  func exactLimit(limit: Int, isChunked: Bool) async throws {
    func answer(_ count: Int) -> RawServer.Script {
      { connection in
        _ = try connection.readRequest()
        let head = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(count)"
        try connection.send("HTTP/1.1 200 OK\r\n\(head)\r\n\r\n")
        if isChunked && count > 0 { try connection.send(String(count, radix: 16) + "\r\n") }
        try connection.send(repeating: 65, count: count)
        if isChunked { try connection.send(count > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n") }
        try connection.holdUntilClosed()
      }
    }
    let request = { curlRequest("GET", $0, maximumResponseBytes: limit) }
    #expect(try await curlAnswer(request, from: answer(limit)).body.count == limit)
    let error = try await curlFailure(request, from: answer(limit + 1))
    #expect(error.kind == .responseTooLarge)
    #expect(error.mayHaveBeenSent)
  }

  @Test("A limit below zero leaves no room for any body", arguments: [-1, Int.min])
  func negativeLimit(limit: Int) async throws {
    let request = { curlRequest("GET", $0, maximumResponseBytes: limit) }
    let some = replying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
    #expect(try await curlFailure(request, from: some).kind == .responseTooLarge)
    let none = replying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(try await curlAnswer(request, from: none).status == 200)
  }

  @Test("The limit counts decoded bytes, and stops a bomb")
  func bomb() async throws {
    let bomb = GzipBomb.bytes(decodingTo: 300 << 20)
    let error = try await curlFailure({ curlRequest("GET", $0, maximumResponseBytes: 1 << 20) }) {
      connection in
      _ = try connection.readRequest()
      try connection.send(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
      try connection.send(bomb)
    }
    #expect(error.kind == .responseTooLarge)
  }

  @Test("A body without end is stopped")
  func endlessBody() async throws {
    let error = try await curlFailure { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\n\r\n")
      while true { try connection.send(repeating: 65, count: 1 << 20) }
    }
    #expect(error.kind == .responseTooLarge)
  }

  @Test(
    "Heads without end are stopped",
    arguments: [
      "X-Field: 0123456789\r\n", "0123456789", "a: b\r\n c\r\n",
      "X: 1\r\n\r\nHTTP/1.1 100 Continue\r\n",
    ])
  func endlessHead(piece: String) async throws {
    let error = try await curlFailure { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 103 Early Hints\r\n")
      while true { try connection.send(String(repeating: piece, count: 100)) }
    }
    #expect(error.kind == .responseTooLarge)
  }

  @Test("64 KiB of fields are too many by one byte", arguments: [0, 1])
  func exactHeadLimit(excess: Int) async throws {
    let start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
    let field = "X: " + String(repeating: "v", count: 1000) + "\r\n"
    let count = ((64 << 10) - start.utf8.count - 10) / field.utf8.count
    let fields = String(repeating: field, count: count)
    let left = (64 << 10) - start.utf8.count - fields.utf8.count - 2 - "Y: \r\n".utf8.count
    let head = start + fields + "Y: " + String(repeating: "v", count: left + excess) + "\r\n\r\n"
    if excess == 0 {
      #expect(try await curlAnswer(from: replying(head)).headers.count == count + 2)
    } else {
      #expect(try await curlFailure(from: replying(head)).kind == .responseTooLarge)
    }
  }

  @Test("Trailer fields without end are stopped")
  func endlessTrailer() async throws {
    let error = try await curlFailure { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n")
      while true { try connection.send(String(repeating: "X: 0123456789\r\n", count: 100)) }
    }
    #expect(error.kind == .responseTooLarge)
  }
}
