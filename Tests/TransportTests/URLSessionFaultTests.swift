import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

/// What becomes of answers that are late, incomplete, too large or no HTTP, and of servers that are not
/// there.
///
/// Not tested, because FoundationNetworking ends the process: a peer that closes inside the header block, a
/// chunked body with a trailer, and a redirect to `//%20`.
@Suite(.timeLimit(.minutes(minutesOfAHang)))
struct URLSessionFaultTests {
  // MARK: No answer

  @Test func nobodyListens() async throws {
    let server = try RawServer.responding()
    server.stop()
    let transport = try makeURLSessionTransport()
    for mayBeResent in [true, false] {
      let error = try await failure(of: server.request(mayBeResent: mayBeResent), on: transport)
      #expect(error.kind == .connect)
      #expect(!error.mayHaveBeenSent)
      #expect(error.underlyingError != nil)
    }
  }

  @Test func theHostHasNoAddress() async throws {
    let error = try await failure(
      of: TransportRequest(method: "GET", url: "http://no-such-host.invalid/"), on: makeURLSessionTransport())
    #expect(error.kind == .resolve)
    #expect(!error.mayHaveBeenSent)
  }

  @Test(arguments: [true, false], [true, false])
  func theConnectionEndsBeforeTheAnswer(byReset: Bool, mayBeResent: Bool) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      if byReset { connection.reset() }
    }
    defer { server.stop() }
    let error = try await failure(
      of: server.request("POST", body: [1], mayBeResent: mayBeResent), on: makeURLSessionTransport())
    #expect(error.kind == .reset)
    #expect(error.mayHaveBeenSent)
    #expect(server.requests.count == 1)
  }

  @Test func theServerSpeaksNoTLS() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.read(1)
      try connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let error = try await failure(
      of: TransportRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"),
      on: makeURLSessionTransport())
    #expect(error.kind == .tls)
    #expect(!error.mayHaveBeenSent)
  }

  @Test(arguments: [true, false])
  func theAnswerDoesNotCome(mayBeResent: Bool) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await expectTimeout(at: server, mayBeResent: mayBeResent)
  }

  @Test(arguments: [Duration.zero, .seconds(-1)])
  func thereIsNoTimeAtAll(timeout: Duration) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let error = try await failure(of: server.request(timeout: timeout), on: makeURLSessionTransport())
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
    #expect(server.requests.isEmpty)
  }

  @Test func aVeryLongTimeoutIsNoTimeout() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let request = server.request(timeout: .seconds(Int64.max))
    #expect(try await makeURLSessionTransport().send(request).status == 200)
  }

  // MARK: Half an answer

  @Test(arguments: ["", "{\"data\":"])
  func theBodyStalls(beginning: String) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n" + beginning)
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    try await expectTimeout(at: server)
  }

  /// Expects a request to arrive, to run out of time, and its connection to be closed. Gives it more time if
  /// it did not arrive, because the machine is busy with other tests.
  private func expectTimeout(at server: RawServer, mayBeResent: Bool = true) async throws {
    let transport = try makeURLSessionTransport()
    for timeout in [1, 4, 15] where server.requests.isEmpty {
      let error = try await failure(
        of: server.request(timeout: .seconds(timeout), mayBeResent: mayBeResent), on: transport)
      #expect(error.kind == .timeout)
      #expect(error.mayHaveBeenSent || server.requests.isEmpty)
    }
    try await server.waitForDisconnect()
  }

  @Test func theBodyDrips() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
      try connection.drip([UInt8](repeating: 0x20, count: 10000), every: .milliseconds(20))
    }
    defer { server.stop() }
    let error = try await failure(
      of: server.request(timeout: .seconds(1)), on: makeURLSessionTransport())
    #expect(error.kind == .timeout)
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{\"data\":{\"decision\":\"allow\"",
    "HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 122\r\n\r\nmoved",
  ])
  func theBodyIsCutShort(bytes: String) async throws {
    let server = try RawServer.sendingOnce(bytes)
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for mayBeResent in [true, false] {
      let error = try await failure(of: server.request(mayBeResent: mayBeResent), on: transport)
      #expect(error.kind == .truncated)
      #expect(error.mayHaveBeenSent)
    }
  }

  @Test func theConnectionIsResetInTheBody() async throws {
    // A reset discards what was not read yet. More than the system buffers for a client that does not read
    // can only have been sent if it has read the head.
    let more = 8 << 20
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(2 * more)\r\n\r\n")
      try connection.send(repeating: 0x20, count: more)
      connection.reset()
    }
    defer { server.stop() }
    let error = try await failure(
      of: server.request(maximumResponseBytes: 2 * more), on: makeURLSessionTransport())
    #expect(error.kind == .truncated)
    #expect(error.mayHaveBeenSent)
  }

  // MARK: Too much, and what is no HTTP

  // A body that arrives without a pause starves the queue that all URLSessions of the process share, and with
  // it the tests that run at the same time; these are no longer than they need to be.

  @Test func theBodyExceedsTheLimit() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n")
      try connection.send(repeating: 0x20, count: (1 << 16) + 1)
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let error = try await failure(
      of: server.request(maximumResponseBytes: 1 << 16), on: makeURLSessionTransport())
    #expect(error.kind == .responseTooLarge)
    #expect(error.mayHaveBeenSent)
    try await server.waitForDisconnect()
  }

  @Test func theDecodedBodyExceedsTheLimit() async throws {
    let server = try RawServer.responding(
      headers: ["Content-Encoding": "gzip"], body: GzipBomb.bytes(decodingTo: 2_000_000))
    defer { server.stop() }
    let error = try await failure(
      of: server.request(maximumResponseBytes: 1 << 20), on: makeURLSessionTransport())
    #expect(error.kind == .responseTooLarge)
  }

  @Test(arguments: [0, 1, 99]) func oneByteTooMany(limit: Int) async throws {
    let server = try RawServer.responding(body: [UInt8](repeating: 0, count: limit + 1))
    defer { server.stop() }
    let error = try await failure(
      of: server.request(maximumResponseBytes: limit), on: makeURLSessionTransport())
    #expect(error.kind == .responseTooLarge)
  }

  @Test func theBodyOfARedirectExceedsTheLimit() async throws {
    let server = try RawServer.responding(
      status: 302, headers: ["Location": "/"], body: [UInt8](repeating: 0, count: 10_000))
    defer { server.stop() }
    let error = try await failure(
      of: server.request(maximumResponseBytes: 9_999), on: makeURLSessionTransport())
    #expect(error.kind == .responseTooLarge)
  }

  @Test(arguments: [
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "HTTP/1.1 600 Unheard\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.7 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nno gzip!",
    "SSH-2.0-OpenSSH_9.2\r\n",
  ])
  func theAnswerIsNotHTTP(bytes: String) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send(bytes)
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let error = try await failure(of: server.request(), on: makeURLSessionTransport())
    #expect(error.kind == .protocolViolation, "\(error)")
    #expect(error.mayHaveBeenSent)
  }

  @Test(arguments: [1, 400]) func theHeadIsTooLarge(lineCount: Int) async throws {
    let line = "X-Long: " + String(repeating: "a", count: 400_000 / lineCount) + "\r\n"
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\n")
      for _ in 0..<lineCount { try connection.send(line) }
      try connection.send("\r\n")
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let error = try await failure(of: server.request(), on: makeURLSessionTransport())
    #expect(error.kind == .responseTooLarge)
  }
}
