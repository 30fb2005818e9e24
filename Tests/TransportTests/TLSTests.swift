import CLibcurl
import PlystraCore
import PlystraCurlTransport
import PlystraURLSessionTransport
import TestSupport
import Testing

/// Whom a transport trusts, and what it shows of itself.
@Suite(
  .enabled(if: TestCertificates.obstacle == nil, "nginx or openssl is missing; run Scripts/bootstrap --tests")
)
struct TLSTests {
  /// The error of a health call through a transport that trusts the authority, or the system's where it cannot.
  private func error(
    of port: Int, through transport: TransportUnderTest, trusting certificates: TestCertificates?
  ) async throws -> PlystraError {
    var configuration = TransportConfiguration()
    if transport == .curl { configuration.certificateAuthorities = certificates.map { .file($0.authority) } }
    return try await transport.run(configuration) { transport in
      let plystra = try PlystraClient(
        baseURL: "https://localhost:\(port)", apiKey: "canary-key", transport: transport)
      return try await failure { _ = try await plystra.system.health() }
    }
  }

  private func expectUntrusted(_ error: PlystraError, sourceLocation: SourceLocation = #_sourceLocation) {
    let cause = error.underlyingError as? TransportError
    #expect(error.kind == .transport && cause?.kind == .tls, "\(error)", sourceLocation: sourceLocation)
    #expect(error.attempts == 1 && !error.isRetryable, sourceLocation: sourceLocation)
    #expect(cause?.mayHaveBeenSent == false, sourceLocation: sourceLocation)
    #expect(!"\(error)".contains("canary"), sourceLocation: sourceLocation)
  }

  @Test(
    "Row 52: an expired, foreign or self-signed certificate is not trusted, and the call not repeated",
    arguments: TransportUnderTest.allCases, [TestCertificates.Server.expired, .foreign, .selfSigned])
  func untrusted(_ transport: TransportUnderTest, _ server: TestCertificates.Server) async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(server, of: certificates)
    defer { nginx.stop() }
    expectUntrusted(try await error(of: nginx.port, through: transport, trusting: certificates))
  }

  @Test(
    "Row 52: an authority that nobody vouched for is not trusted", arguments: TransportUnderTest.allCases)
  func unknownAuthority(_ transport: TransportUnderTest) async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    expectUntrusted(try await error(of: nginx.port, through: transport, trusting: nil))
  }

  @Test("Row 52: plain text on the https port is a TLS failure", arguments: TransportUnderTest.allCases)
  func plainText(_ transport: TransportUnderTest) async throws {
    let server = try RawServer.script { connection in
      try connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    expectUntrusted(try await error(of: server.port, through: transport, trusting: nil))
  }

  @Test("Row 52: the authority supplied is trusted, and connections are used again, over either HTTP")
  func trusted() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    for (version, seen) in [
      (TransportConfiguration.HTTPVersion.negotiated, plystra_speaks_http2() ? "HTTP/2.0" : "HTTP/1.1"),
      (.http1, "HTTP/1.1"),
    ] {
      let transport = try CurlTransport(
        configuration: TransportConfiguration(
          certificateAuthorities: .file(certificates.authority), httpVersion: version))
      defer { transport.shutdown() }
      // A machine that is busy for minutes outlasts the time for which a connection is kept.
      let numbers = try await anyOf {
        var numbers: [Int] = []
        for _ in 0..<3 {
          let response = try await transport.send(
            TransportRequest(
              method: "GET", url: "https://localhost:\(nginx.port)/", timeout: .patience, mayBeResent: true))
          #expect(response.status == 200 && response.headers["X-Seen-Protocol"] == seen)
          numbers.append(response.headers["X-Seen-Request"].flatMap { Int($0) } ?? 0)
        }
        return numbers
      } until: {
        $0[1] == $0[0] + 1 && $0[2] == $0[1] + 1
      }
      #expect(numbers[1] == numbers[0] + 1 && numbers[2] == numbers[1] + 1)
    }
  }

  @Test("Row 41: a redirect from https to http is not followed", arguments: FaultCall.all)
  func downgrade(_ call: FaultCall) async throws {
    let certificates = try TestCertificates()
    let thief = try RawServer.responding(body: try call.answer)
    defer { thief.stop() }
    let nginx = try NginxServer.start(
      .valid, of: certificates, redirectingTo: thief.url + "/api/v1/authz/check")
    defer { nginx.stop() }
    // URLSession on Linux cannot be given the authority; that it follows nothing does not depend on it.
    let configuration = TransportConfiguration(certificateAuthorities: .file(certificates.authority))
    try await TransportUnderTest.curl.run(configuration) { transport in
      let client = try MatrixClient(
        url: "https://localhost:\(nginx.port)", transport: transport, configuration: .patient,
        time: SkippedTime())
      let error = try await client.failure(of: call)
      #expect(error.kind == .api && error.status == 307 && error.attempts == 1)
    }
    #expect(thief.connectionCount == 0)
  }

  @Test("a client certificate is shown to servers that ask for one")
  func clientCertificate() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates, clients: .required)
    defer { nginx.stop() }
    let request = TransportRequest(method: "GET", url: "https://127.0.0.1:\(nginx.port)/")
    var configuration = TransportConfiguration(certificateAuthorities: .file(certificates.authority))
    let anonymous = try CurlTransport(configuration: configuration)
    defer { anonymous.shutdown() }
    #expect(try await anonymous.send(request).status == 400)

    configuration.clientCertificate = TransportConfiguration.ClientCertificate(
      certificate: .file(certificates.client.certificate), privateKey: .file(certificates.client.key),
      passphrase: Secret(certificates.clientPassphrase))
    let known = try CurlTransport(configuration: configuration)
    defer { known.shutdown() }
    let response = try await known.send(request)
    #expect(response.status == 200 && response.headers["X-Seen-Client"]?.contains("client") == true)

    configuration.clientCertificate?.passphrase = Secret("canary-wrong")
    let locked = try CurlTransport(configuration: configuration)
    defer { locked.shutdown() }
    do {
      _ = try await locked.send(request)
      Issue.record("a key that cannot be opened should fail")
    } catch let error as TransportError {
      #expect(error.kind == .tls && !"\(error) \(String(reflecting: error))".contains("canary"))
    }
  }

  @Test("200 calls share connections over HTTP/2")
  func multiplexing() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    let request = TransportRequest(
      method: "GET", url: "https://localhost:\(nginx.port)/", timeout: .patience, mayBeResent: true)
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<200 { group.addTask { try await transport.send(request).status } }
      return try await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(statuses == [Int](repeating: 200, count: 200))
  }
}
