import Foundation
import PlystraCore
import TestSupport
import Testing

/// What the application gives wrongly: refused before anything is sent; or rightly: it arrives as it was given.
@Suite("Fault matrix: inputs", .timeLimit(.minutes(minutesOfAHang)))
struct InputTests {
  /// Runs a body with a client of a server that must not see anything.
  private func expectNothingSent(
    _ transport: TransportUnderTest, _ body: (MatrixClient) async throws -> Void
  ) async throws {
    let server = try RawServer.responding(body: try FaultCall.check.answer)
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      try await body(client)
      #expect(client.attempts.isEmpty)
    }
    #expect(server.connectionCount == 0)
  }

  @Test("Row 44: request ids that are refused", arguments: TransportUnderTest.allCases)
  func badRequestIDs(_ transport: TransportUnderTest) async throws {
    let bad = [
      "", "a\rb", "a\nb", "a\r\nX-Plystra-API-Key: b", "a\0b", "a b", " a", "a\"b", "a'b", "a\\b", "é",
      "a\u{7F}",
      String(repeating: "a", count: 129),
    ]
    try await expectNothingSent(transport) { client in
      for id in bad {
        let error = #expect(throws: PlystraError.self) {
          _ = try client.plystra.withRequestID(id)
        }
        #expect(error?.kind == .invalidRequest && error?.message.contains("requestID") == true)
      }
    }
  }

  @Test("Row 44: request ids that go out verbatim", arguments: TransportUnderTest.allCases)
  func goodRequestIDs(_ transport: TransportUnderTest) async throws {
    let printable = (33...126).map { Character(Unicode.Scalar(UInt8($0))) }.filter { !"\"'\\".contains($0) }
    let ids = ["a", String(printable), String(repeating: "~", count: 128)]
    let server = try RawServer.responding(body: try FaultCall.check.answer)
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      for id in ids { _ = try await client.plystra.withRequestID(id).authz.check(FaultCall.question) }
    }
    #expect(server.requests.map { $0.headers["X-Request-ID"] } == ids)
  }

  @Test("Row 45: credentials that no header can hold", arguments: TransportUnderTest.allCases)
  func badCredentials(_ transport: TransportUnderTest) async throws {
    let bad = [
      "", "canary\r", "canary\n", "canary\r\nX-Injected: 1", "canary\0", "can ary", " canary", "canaryé",
    ]
    try await expectNothingSent(transport) { client in
      let (plystra, url) = (client.plystra, "http://127.0.0.1:1")
      for value in bad {
        let refused: [(String, () throws -> Void)] = [
          ("apiKey", { _ = try PlystraClient(baseURL: url, apiKey: value, transport: NoTransport()) }),
          ("apiKey", { try plystra.setAPIKey(value) }),
          (
            "accessToken",
            { _ = try PlystraClient(baseURL: url, accessToken: value, transport: NoTransport()) }
          ),
          ("accessToken", { try plystra.setAccessToken(value) }),
          (
            "session.accessToken",
            { try plystra.setSession(TokenPair(accessToken: Secret(value), refreshToken: Secret("r"))) }
          ),
          (
            "session.refreshToken",
            { try plystra.setSession(TokenPair(accessToken: Secret("a"), refreshToken: Secret(value))) }
          ),
        ]
        for (field, attempt) in refused {
          let error = try #require(throws: PlystraError.self) { try attempt() }
          #expect(error.kind == .credentials && error.message.hasPrefix("\(field): "))
          Canary.expectHidden(in: error)
        }
      }
      Canary.expectHidden(in: plystra)
    }
  }

  @Test("Row 46: audit ids that no path can hold", arguments: TransportUnderTest.allCases)
  func badAuditIDs(_ transport: TransportUnderTest) async throws {
    try await expectNothingSent(transport) { client in
      for id in ["", ".", ".."] {
        let error = try await #require(throws: PlystraError.self) {
          _ = try await client.plystra.audit.get(id)
        }
        #expect(error.kind == .invalidRequest && error.operation == "audit.get")
        #expect(error.message.hasPrefix("id: "))
      }
    }
  }

  @Test("Row 46: audit ids that are one encoded segment", arguments: TransportUnderTest.allCases)
  func goodAuditIDs(_ transport: TransportUnderTest) async throws {
    let ids = ["a/../b?x#y", "é", "%2F", "...", "a b+c", "%", "\\", "😀&=;:@"]
    let body = try Fixtures.body("audit-detail")
    let server = try RawServer.responding(body: body)
    defer { server.stop() }
    try await transport.run(matrix: server.url) { client in
      for id in ids { _ = try await client.plystra.audit.get(id) }
    }
    let prefix = "/api/v1/audit/logs/"
    let segments = server.requests.map(\.target).filter { $0.hasPrefix(prefix) }.map {
      $0.dropFirst(prefix.count)
    }
    #expect(segments.allSatisfy { !$0.contains("/") && !$0.contains("?") && !$0.contains("#") })
    #expect(segments.map { $0.removingPercentEncoding } == ids)
  }

  @Test("Row 47: base URLs that are understood", arguments: TransportUnderTest.allCases)
  func goodBaseURLs(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding(body: try FaultCall.version.answer)
    defer { server.stop() }
    for (suffix, path) in [
      ("", ""), ("/", ""), ("///", ""), ("/pre/fix", "/pre/fix"), ("//pre//fix//", "/pre/fix"),
      ("/pre%20fix/", "/pre%20fix"),
    ] {
      try await transport.run(matrix: server.url + suffix) { try await $0.succeed(.version) }
      #expect(server.requests.last?.target == "\(path)/api/v1/version")
    }
  }

  @Test("Row 47: base URLs that are refused", arguments: TransportUnderTest.allCases)
  func badBaseURLs(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.responding(body: try FaultCall.version.answer)
    defer { server.stop() }
    let host = "127.0.0.1:\(server.port)"
    for url in [
      "http://\(host)/?canary", "http://\(host)/#canary", "http://user:canary@\(host)/",
      "http://canary@\(host)/",
      host, "//\(host)/", "ftp://\(host)/", "", "http://", "http:///canary", "http://\(host)/a/../b",
    ] {
      let error = try await #require(throws: PlystraError.self, "\(url)") {
        try await transport.run(matrix: url) { _ in }
      }
      #expect(error.kind == .configuration && error.message.hasPrefix("baseURL: "))
      Canary.expectHidden(in: error)
    }
    #expect(server.connectionCount == 0)
  }
}

/// A transport for clients that never come into being.
private struct NoTransport: HTTPTransport {
  func send(_ request: TransportRequest) async throws -> TransportResponse { throw CancellationError() }
}
