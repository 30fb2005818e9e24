import PlystraCore
import TestSupport
import Testing

/// Answers that no service should give: none may become a decision, hang a call or eat memory.
@Suite struct HostileAnswerTests {
  private static let question = AuthorizationRequest(action: "approve")
  private static let allow = #"{"data":{"allow":true,"decision":"allow","reason":"ok"},"request_id":"req_1"}"#

  /// The error of a check against a server that plays a script.
  private func error(
    through transport: TransportUnderTest, configuration: Configuration = .singleAttempt,
    _ script: @escaping RawServer.Script
  ) async throws -> PlystraError {
    let server = try RawServer.script(script)
    defer { server.stop() }
    return try await transport.run(against: server.url, configuration: configuration) { plystra in
      try await failure { _ = try await plystra.authz.check(Self.question) }
    }
  }

  @Test(arguments: TransportUnderTest.allCases)
  func bodyShorterThanAnnounced(_ transport: TransportUnderTest) async throws {
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n\(Self.allow.prefix(40))")
    }
    #expect(error.kind == .transport)
    #expect((error.underlyingError as? TransportError)?.kind == .truncated)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func bodyWithoutLengthCutInMidText(_ transport: TransportUnderTest) async throws {
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nX-Request-ID: req_h\r\n\r\n\(Self.allow.prefix(40))")
    }
    #expect(error.kind == .decoding && error.status == 200 && error.requestID == "req_h")
  }

  @Test(arguments: TransportUnderTest.allCases)
  func proxyPageInsteadOfAnAnswer(_ transport: TransportUnderTest) async throws {
    let page = "<html>Bad Gateway, key ply_kernel_secret</html>" + String(repeating: "x", count: 4_096)
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      try connection.send(
        HTTPResponse(
          status: 502, headers: ["Content-Type": "text/html", "X-Request-ID": "req_proxy"],
          body: Array(page.utf8)))
    }
    #expect(error.kind == .api && error.status == 502 && error.code == .invalidJSONResponse)
    #expect(error.requestID == "req_proxy")
    let excerpt = try #require(error.details?.stringValue)
    #expect(excerpt.hasPrefix("<html>Bad Gateway, key ***") && excerpt.utf8.count <= 256)
    #expect(!"\(error)".contains("html"))
  }

  @Test(
    arguments: TransportUnderTest.allCases,
    [
      ("HTTP/1.1 204 No Content\r\n\r\n", "no content"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "an empty body"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"data\":null}", "null data"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "an array"),
    ])
  func successWithoutData(_ transport: TransportUnderTest, _ answer: (bytes: String, what: String))
    async throws
  {
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      try connection.send(answer.bytes)
    }
    #expect(error.kind == .decoding, "\(answer.what) must not be a decision")
  }

  @Test(arguments: TransportUnderTest.allCases, [301, 302, 303, 307, 308])
  func redirectIsNotFollowed(_ transport: TransportUnderTest, _ status: Int) async throws {
    let thief = try RawServer.responding(body: Array(Self.allow.utf8))
    defer { thief.stop() }
    let target = thief.url
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      try connection.send(HTTPResponse(status: status, headers: ["Location": "\(target)/api/v1/authz/check"]))
    }
    #expect(error.kind == .api && error.status == status)
    #expect(thief.connectionCount == 0)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func bodyBeyondTheCap(_ transport: TransportUnderTest) async throws {
    var configuration = Configuration.singleAttempt
    configuration.maximumResponseBytes = 64 << 10
    let error = try await error(through: transport, configuration: configuration) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\n\r\n")
      try connection.send(repeating: UInt8(ascii: " "), count: 64 << 20)
    }
    #expect((error.underlyingError as? TransportError)?.kind == .responseTooLarge)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func bodyThatDripsForEver(_ transport: TransportUnderTest) async throws {
    var configuration = Configuration.singleAttempt
    configuration.attemptTimeout = .milliseconds(300)
    let error = try await error(through: transport, configuration: configuration) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      try connection.drip([UInt8](repeating: UInt8(ascii: " "), count: 100_000), every: .milliseconds(20))
    }
    #expect(error.kind == .timeout)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func silenceAfterTheRequest(_ transport: TransportUnderTest) async throws {
    var configuration = Configuration.singleAttempt
    configuration.attemptTimeout = .milliseconds(200)
    let error = try await error(through: transport, configuration: configuration) { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    #expect(error.kind == .timeout && error.attempts == 1)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func connectionClosedBeforeTheAnswer(_ transport: TransportUnderTest) async throws {
    let error = try await error(through: transport) { connection in
      _ = try connection.readRequest()
      connection.reset()
    }
    #expect((error.underlyingError as? TransportError)?.kind == .reset)
    #expect((error.underlyingError as? TransportError)?.mayHaveBeenSent == true)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func resetIsTriedAgain(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        if connection.number == 0 { return connection.reset() }
        try connection.send(HTTPResponse(status: 200, body: Array(Self.allow.utf8)))
      }
    }
    defer { server.stop() }
    let decision = try await transport.run(against: server.url) { try await $0.authz.check(Self.question) }
    #expect(decision.isAllowed)
    let ids = server.requests.map { $0.headers["X-Request-ID"] }
    #expect(ids.count == 2 && Set(ids).count == 1)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func refreshIsSentOnce(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      connection.reset()
    }
    defer { server.stop() }
    let error = try await transport.run(against: server.url) { plystra in
      try await failure { _ = try await plystra.auth.refresh(refreshToken: "ply_rt_once") }
    }
    #expect(error.attempts == 1 && error.outcomeUnknown)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: TransportUnderTest.allCases)
  func nobodyListens(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding()
    let url = server.url
    server.stop()
    let error = try await transport.run(against: url) { plystra in
      try await failure { _ = try await plystra.system.health() }
    }
    #expect((error.underlyingError as? TransportError)?.kind == .connect)
    #expect(error.attempts == 3 && !error.outcomeUnknown && error.isRetryable)
  }
}
