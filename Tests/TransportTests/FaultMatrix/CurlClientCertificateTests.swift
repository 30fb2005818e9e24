import PlystraCore
import TestSupport
import Testing

/// A server that ends the handshake with clients that it does not know.
@Suite(
  "Fault matrix: client certificates", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"))
struct CurlClientCertificateTests {
  /// What a client shows.
  enum Certificate: CaseIterable, Sendable { case none, selfSigned }

  @Test(
    "Row 60: a client certificate is asked for and there is none, or a wrong one", arguments: FaultCall.all,
    Certificate.allCases.flatMap { certificate in
      [TransportConfiguration.HTTPVersion.http1, .negotiated].map { (certificate, $0) }
    })
  func refused(
    _ call: FaultCall, _ client: (certificate: Certificate, version: TransportConfiguration.HTTPVersion)
  ) async throws {
    let certificates = try TestCertificates()
    let context = try TLSContext(certificates, requiresCertificate: true)
    let server = try RawServer.script { raw in
      // Ends when the client does: the handshake never comes to its end.
      _ = try TLSConnection(raw, context)
    }
    defer { server.stop() }
    var configuration = TransportConfiguration(
      certificateAuthorities: .file(certificates.authority), httpVersion: client.version)
    if client.certificate == .selfSigned {
      configuration.clientCertificate = TransportConfiguration.ClientCertificate(
        certificate: .file(certificates.file("selfSigned.pem")),
        privateKey: .file(certificates.file("selfSigned.key")))
    }
    try await TransportUnderTest.curl.run(configuration) { transport in
      let client = try MatrixClient(
        url: "https://localhost:\(server.port)", transport: transport, configuration: .patient,
        time: SkippedTime())
      let error = try await client.failure(of: call)
      let cause = try #require(error.underlyingError as? TransportError)
      #expect(error.kind == .transport && cause.kind == .tls, "\(cause)")
      #expect(error.attempts == 1 && !error.isRetryable)
    }
    #expect(server.connectionCount == 1)
  }
}
