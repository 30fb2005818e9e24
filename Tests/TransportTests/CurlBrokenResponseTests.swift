import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: broken responses, and none", .timeLimit(.minutes(minutesOfAHang)))
struct CurlBrokenResponseTests {
  // MARK: Broken responses

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
