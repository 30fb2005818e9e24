import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

/// What goes out and what comes back when nothing goes wrong.
@Suite(.timeLimit(.minutes(minutesOfAHang)))
struct URLSessionExchangeTests {
  @Test(arguments: [200, 201, 204, 304, 400, 404, 409, 418, 429, 500, 503, 599])
  func returnsAnyStatus(status: Int) async throws {
    let server = try RawServer.responding(status: status)
    defer { server.stop() }
    let response = try await makeURLSessionTransport().send(server.request())
    #expect(response.status == status)
    #expect(response.body.isEmpty)
  }

  @Test(arguments: [true, false])
  func sendsTheGivenFieldsAndNoneOfItsOwn(mayBeResent: Bool) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let headers: TransportHeaders = [
      "Authorization": "Bearer a.b.c", "X-Plystra-API-Key": "key", "X-Request-ID": "r-1", "X-Empty": "",
      "X-Twice": "one", "x-twice": "two", "X-Text": "naïve",
    ]
    let transport = try makeURLSessionTransport()
    _ = try await transport.send(
      server.request(
        "POST", "/a%2Fb?q=%20c", headers: headers, body: Array("{}".utf8), mayBeResent: mayBeResent))
    _ = try await transport.send(server.request("DELETE", mayBeResent: mayBeResent))
    let sent = server.requests
    try #require(sent.count == 2)
    #expect(sent[0].method == "POST")
    #expect(sent[0].target == "/a%2Fb?q=%20c")
    #expect(sent[0].text == "{}")
    for field in headers where field.name.lowercased() != "x-twice" {
      #expect(sent[0].headers.values(of: field.name) == [field.value])
    }
    #expect(sent[0].headers.values(of: "X-Twice") == ["one, two"])
    let framing: Set = ["host", "content-length", "accept-encoding"]
    let given = Set(headers.map { $0.name.lowercased() })
    #expect(Set(sent[0].headers.map { $0.name.lowercased() }) == given.union(framing))
    #expect(Set(sent[1].headers.map { $0.name.lowercased() }) == framing)
  }

  @Test func keepsWhatTheCallerNamesInsteadOfItsOwn() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let headers: TransportHeaders = [
      "User-Agent": "plystra-swift/1", "accept-language": "de", "Accept": "application/json",
      "Content-Type": "application/json",
    ]
    _ = try await makeURLSessionTransport().send(
      server.request("POST", headers: headers, body: [0x7B, 0x7D]))
    let sent = try #require(server.requests.first)
    for field in headers { #expect(sent.headers.values(of: field.name) == [field.value]) }
  }

  @Test func returnsHeaderFieldsWithoutSurroundingSpace() async throws {
    let server = try RawServer.responding(
      headers: ["X-Request-ID": "  abc \t", "Retry-After": "1", "X-Empty": "", "X-Two": "a", "X-Two": "b"])
    defer { server.stop() }
    let response = try await makeURLSessionTransport().send(server.request())
    #expect(response.headers["x-request-id"] == "abc")
    #expect(response.headers["retry-after"] == "1")
    #expect(response.headers["X-Empty"] == "")
    #expect(response.headers.values(of: "X-Two") == ["a, b"])
  }

  @Test(arguments: [0, 1, 1 << 20])
  func carriesBodiesBothWays(size: Int) async throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let server = try RawServer.answering { request, _ in TransportResponse(status: 200, body: request.body) }
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for mayBeResent in [true, false] {
      let response = try await transport.send(
        server.request("POST", body: body, maximumResponseBytes: size, mayBeResent: mayBeResent))
      #expect(response.body == body)
    }
    #expect(server.requests.map(\.body) == [body, body])
  }

  @Test func decodesCompressedBodies() async throws {
    let server = try RawServer.responding(
      headers: ["Content-Encoding": "gzip"], body: GzipBomb.bytes(decodingTo: 259))
    defer { server.stop() }
    let response = try await makeURLSessionTransport().send(server.request(maximumResponseBytes: 259))
    #expect(response.body == [UInt8](repeating: 0, count: 259))
  }

  @Test func readsChunkedBodiesAndThoseThatEndWithTheConnection() async throws {
    let bodies = [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nabc",
    ]
    for bytes in bodies {
      let server = try RawServer.sendingOnce(bytes)
      defer { server.stop() }
      #expect(try await makeURLSessionTransport().send(server.request()).body == Array("abc".utf8))
    }
  }

  @Test(arguments: [300, 301, 302, 303, 307, 308], [true, false])
  func leavesRedirectsAlone(status: Int, withLocation: Bool) async throws {
    let other = try RawServer.responding()
    defer { other.stop() }
    let location: TransportHeaders = withLocation ? ["Location": other.url + "/elsewhere"] : [:]
    let server = try RawServer.responding(status: status, headers: location, body: Array("moved".utf8))
    defer { server.stop() }
    let response = try await makeURLSessionTransport().send(
      server.request("POST", headers: ["Authorization": "Bearer a"], body: [1]))
    #expect(response.status == status)
    #expect(response.headers["Location"] == location["Location"])
    if withLocation { #expect(response.body == Array("moved".utf8)) }
    #expect(server.requests.count == 1)
    #expect(other.requests.isEmpty)
  }

  @Test func skipsInterimAnswers() async throws {
    let server = try RawServer.sendingOnce(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfinal")
    defer { server.stop() }
    let response = try await makeURLSessionTransport().send(server.request())
    #expect(response.status == 200)
    #expect(response.headers["X-Early"] == nil)
    #expect(response.body == Array("final".utf8))
  }

  @Test(arguments: ["Basic realm=\"plystra\"", "Digest realm=\"p\", nonce=\"1\"", "Bearer", "Negotiate"])
  func returnsRefusedCredentialsWhateverTheServerAsksFor(challenge: String) async throws {
    let server = try RawServer.responding(
      status: 401, headers: ["WWW-Authenticate": challenge], body: Array("denied".utf8))
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for _ in 0..<3 {
      let response = try await transport.send(server.request("POST", body: [1]))
      #expect(response.status == 401)
      #expect(response.body == Array("denied".utf8))
    }
    #expect(server.requests.count == 3)
  }

  @Test func reusesConnectionsForWhatMayBeResent() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for _ in 0..<5 { _ = try await transport.send(server.request("POST", body: [1])) }
    #expect(server.requests.count == 5)
    #expect(Set(server.requests.map(\.connection)).count == 1)
  }

  @Test func keepsNoCookies() async throws {
    let server = try RawServer.responding(headers: ["Set-Cookie": "a=b; Path=/"])
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for _ in 0..<2 { _ = try await transport.send(server.request()) }
    #expect(server.requests.count == 2)
    #expect(server.requests.allSatisfy { $0.headers["Cookie"] == nil })
  }

  @Test func outlivesTheVariableThatHeldIt() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.pause(.milliseconds(100))
      try connection.send(TransportResponse(status: 200))
    }
    defer { server.stop() }
    #expect(try await makeURLSessionTransport().send(server.request()).status == 200)
  }
}
