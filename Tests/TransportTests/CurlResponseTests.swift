import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: answers, whole and broken", .timeLimit(.minutes(minutesOfAHang)))
struct CurlResponseTests {
  // MARK: Whole answers

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

  // MARK: Broken answers

  @Test(
    "An answer that ends early is truncated",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n0123456789012345678901234567890123456789",
      "HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
      "HTTP/1.1 200 OK\r\nConte",
    ], [true, false])
  func truncated(answer: String, byReset: Bool) async throws {
    let error = try await curlFailure { connection in
      _ = try connection.readRequest()
      try connection.send(answer)
      // A reset discards what the client has not read; let it read first.
      if byReset {
        try connection.pause(.milliseconds(200))
        connection.reset()
      }
    }
    #expect(error.kind == .truncated)
    #expect(error.mayHaveBeenSent)
  }

  @Test("Nothing but an interim answer is no answer")
  func interimOnly() async throws {
    let error = try await curlFailure(from: replying("HTTP/1.1 100 Continue\r\n\r\n"))
    #expect(error.kind == .reset || error.kind == .truncated)
    #expect(error.mayHaveBeenSent)
  }

  @Test("A connection that ends before the answer begins is reset", arguments: [true, false])
  func reset(byReset: Bool) async throws {
    let error = try await curlFailure { connection in
      _ = try connection.readRequest()
      if byReset { connection.reset() }
    }
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
  }

  @Test("A connection that ends while the request is being sent is reset")
  func resetWhileSending() async throws {
    let body = [UInt8](repeating: 65, count: 64 << 20)
    let error = try await curlFailure({ curlRequest("POST", $0, body: body) }) { connection in
      _ = try connection.read(1 << 16)
      connection.reset()
    }
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
  }

  @Test("An answer that comes before the request is complete is an answer")
  func earlyAnswer() async throws {
    let body = [UInt8](repeating: 65, count: 8 << 20)
    let response = try await curlAnswer({ curlRequest("POST", $0, body: body) }) { connection in
      _ = try connection.readHead()
      try connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
      try connection.holdUntilClosed()
    }
    #expect(response.status == 413)
    #expect(response.body == Array("no".utf8))
  }

  @Test(
    "What is not HTTP is a protocol violation",
    arguments: [
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
      "HTTP/1.1 777 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
      "SSH-2.0-OpenSSH_9.6\r\n",
      "<html>an answer of HTTP/0.9</html>",
    ])
  func violation(answer: String) async throws {
    let error = try await curlFailure(from: replying(answer))
    #expect(error.kind == .protocolViolation)
    #expect(error.mayHaveBeenSent)
  }

  @Test("A connection is used on after an answer, not after a broken one")
  func brokenConnectionIsNotReused() async throws {
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        guard request.target != "/large" else {
          try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
          try connection.send(repeating: 65, count: 100)
          continue
        }
        try connection.send(TransportResponse(status: 200))
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    _ = try await transport.send(curlRequest("GET", server.url))
    let error = try await curlFailure(
      of: curlRequest("GET", server.url + "/large", maximumResponseBytes: 50), by: transport)
    #expect(error.kind == .responseTooLarge)
    try await server.waitForDisconnect(ofConnection: 0)
    let response = try await transport.send(curlRequest("GET", server.url))
    #expect(response.body == [])
    #expect(server.requests.map(\.connection) == [0, 0, 1])
  }

  // MARK: No connection

  @Test("A refused connection is told apart from a lost answer, also on a handle that sent before")
  func refused() async throws {
    let closed = try ClosedPort()
    defer { withExtendedLifetime(closed) {} }
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for _ in 0..<2 {
      let error = try await curlFailure(of: curlRequest("POST", closed.url, body: [1]), by: transport)
      #expect(error.kind == .connect)
      #expect(!error.mayHaveBeenSent)
      _ = try await transport.send(curlRequest("GET", server.url))
    }
  }

  @Test("A name that has no address")
  func unresolved() async throws {
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    // A label of 64 characters is refused by the resolver itself, without asking anybody.
    let name = String(repeating: "a", count: 64) + ".invalid"
    let error = try await curlFailure(of: curlRequest("GET", "http://\(name)/"), by: transport)
    #expect(error.kind == .resolve)
    #expect(!error.mayHaveBeenSent)
  }

  @Test("Plain text where TLS is spoken")
  func plainTextServer() async throws {
    let error = try await curlFailure({ curlRequest("GET", "https" + $0.dropFirst(4)) }) { connection in
      _ = try connection.read(1)
      try connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
      try connection.holdUntilClosed()
    }
    #expect(error.kind == .tls)
    #expect(!error.mayHaveBeenSent)
  }
}
