import TestSupport
import Testing

@testable import PlystraCore

@Suite("What interceptors cannot do")
struct InterceptorBoundaryTests {
  private func client(_ transport: ScriptedTransport, _ hook: Hook) throws -> PlystraClient {
    try Sample.client(
      transport, baseURL: "https://plystra.test/authz",
      configuration: PlystraClient.Configuration(interceptors: [hook]))
  }

  @Test(
    "lead a request away from the base URL, by whatever trick",
    arguments: [
      "https://evil.test/authz/x", "https://plystra.test.evil/authz/x",
      "https://plystra.test@evil.test/authz/x",
      "https://plystra.test:8443/authz/x", "http://plystra.test/authz/x", "https://plystra.test/other/x",
      "https://plystra.test/authz/../other", "https://plystra.test/authz/%2E%2e/other",
      "https://plystra.test\\@evil.test/authz/x", "https://plystra.test/authz/x\r\nHost: evil.test",
      "https://plystra.test/authz/x HTTP/1.1", "https://plystra.test#@evil.test/authz", "//evil.test/authz",
      "",
      "/authz/x", "https://plystra.test/authz?x=\u{0}",
    ])
  func redirect(url: String) async throws {
    let transport = ScriptedTransport()
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.url = url
        return try await next(request)
      })
    let error = try await plystraError { try await client.authz.check(Sample.question) }
    #expect(error.kind == .invalidRequest)
    #expect(error.operation == "authz.check")
    #expect(error.message.hasPrefix("url: "))
    #expect(error.requestID == Sample.requestID)
    #expect(error.attempts == 1)
    #expect(!leaks(error, "evil"))
    #expect(transport.requests.isEmpty)
  }

  @Test("add a credential, or change the request id")
  func credentials() async throws {
    for call in CallCase.all {
      let transport = ScriptedTransport(.fixture(call.fixture))
      let hook = Hook { request, _, next in
        var request = request
        for name in ["authorization", "X-PLYSTRA-API-KEY", "Cookie", "proxy-authorization"] {
          request.headers.add(name, "mine")
        }
        request.headers["x-request-id"] = "mine"
        request.headers.add("X-Request-Id", "mine too")
        return try await next(request)
      }
      _ = try await call.run(
        Sample.client(
          transport, accessToken: Sample.accessToken,
          configuration: PlystraClient.Configuration(interceptors: [hook])))
      let headers = try #require(transport.requests.first?.headers)
      let credentials = headers.filter { TransportHeaders.isCredential($0.name) }.map(\.value)
      let expected: [String] =
        switch call.credential {
        case .none: []
        case .server: [Sample.apiKey]
        case .session: ["Bearer \(Sample.accessToken)"]
        }
      #expect(credentials == expected, "\(call.operation)")
      #expect(headers.values(of: "X-Request-ID") == [Sample.requestID], "\(call.operation)")
    }
  }

  @Test("remove the request id")
  func requestIDRemoved() async throws {
    let transport = ScriptedTransport(.fixture("health"))
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.headers = TransportHeaders()
        return try await next(request)
      })
    _ = try await client.system.health()
    #expect(transport.requests.map { $0.headers["X-Request-ID"] } == [Sample.requestID])
  }

  @Test(
    "set what only the transport may, or what no header can carry",
    arguments: [
      ("Host", "evil.test"), ("content-length", "0"), ("Transfer-Encoding", "chunked"),
      ("Connection", "close"),
      ("Expect", "100-continue"), ("Upgrade", "h2c"), ("Accept-Encoding", "br"), ("TE", "trailers"),
      ("X-A", "hidden\r\nAuthorization: x"), ("X-A", "hidden\n"), ("X-A", "hid\0den"), ("X-A", " hidden"),
      ("X-A", "hiddén"), ("X A", "hidden"), ("X-A:", "hidden"), ("", "hidden"), ("X-A\r\nX-B", "hidden"),
    ])
  func headers(name: String, value: String) async throws {
    let transport = ScriptedTransport()
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.headers.add(name, value)
        return try await next(request)
      })
    let error = try await plystraError { try await client.system.health() }
    #expect(error.kind == .invalidRequest)
    #expect(error.message.hasPrefix("headers: "))
    #expect(!leaks(error, "hid"))
    #expect(!leaks(error, "evil"))
    #expect(transport.requests.isEmpty)
  }

  @Test("set a method that is none", arguments: ["", "GET /evil HTTP/1.1\r\n", "G T"])
  func methods(method: String) async throws {
    let transport = ScriptedTransport()
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.method = method
        return try await next(request)
      })
    let error = try await plystraError { try await client.system.health() }
    #expect(error.message.hasPrefix("method: "))
    #expect(transport.requests.isEmpty)
  }

  struct OwnError: Error {}

  @Test("hide that a write was sent, whatever they throw", arguments: [true, false])
  func errorsAfterSending(isSent: Bool) async throws {
    let errors: [any Error] = [
      OwnError(), PlystraError(kind: .configuration, message: "x: own"),
      TransportError(kind: .connect, message: "own", mayHaveBeenSent: false),
    ]
    for cause in errors {
      let transport = ScriptedTransport(thenAlways: .fixture("auth-refresh"))
      let client = try client(
        transport,
        Hook { request, _, next in
          if isSent { _ = try await next(request) }
          throw cause
        })
      let error = try await plystraError { try await client.auth.refresh(refreshToken: "ply_rt_1") }
      #expect(error.operation == "auth.refresh")
      #expect(error.outcomeUnknown == isSent)
      #expect(transport.requests.count == (isSent ? 1 : 0))
      #expect(error.attempts == (cause is TransportError && !isSent ? 3 : 1))
      #expect(error.requestID == Sample.requestID)
    }
  }

  @Test("make a write be sent twice by failing to connect after it was sent")
  func connectFailureAfterSending() async throws {
    let transport = ScriptedTransport(.failure(.reset, sent: true), .failure(.connect, sent: false))
    let client = try client(
      transport,
      Hook { request, _, next in
        do { return try await next(request) } catch is TransportError { return try await next(request) }
      })
    let error = try await plystraError { try await client.auth.refresh(refreshToken: "ply_rt_1") }
    #expect(error.attempts == 1)
    #expect(error.outcomeUnknown)
    #expect((error.underlyingError as? TransportError)?.kind == .connect)
  }

  @Test("throw something that is not theirs to throw: it ends the call, with its kind and cause kept")
  func thrownErrors() async throws {
    let transport = ScriptedTransport()
    let own = try client(transport, Hook { _, _, _ in throw OwnError() })
    let error = try await plystraError { try await own.authz.check(Sample.question) }
    #expect(error.kind == .transport)
    #expect(error.underlyingError is OwnError)
    #expect(!error.isRetryable)
    #expect(error.attempts == 1)

    let typed = try client(
      transport, Hook { _, _, _ in throw PlystraError(kind: .invalidRequest, message: "tenant: missing") })
    let typedError = try await plystraError { try await typed.authz.check(Sample.question) }
    #expect(typedError.kind == .invalidRequest)
    #expect(
      typedError.description == "authz.check: invalidRequest: tenant: missing, request \(Sample.requestID)")

    let retried = try client(
      ScriptedTransport(.fixture("authz-check.allow")),
      Hook { request, context, next in
        if context.attempt == 1 {
          throw TransportError(kind: .reset, message: "own", mayHaveBeenSent: true)
        }
        return try await next(request)
      })
    #expect(try await retried.authz.check(Sample.question).isAllowed)
  }
}
