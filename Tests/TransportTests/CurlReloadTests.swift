import Foundation
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite(
  "CurlTransport: certificates from memory, and new ones while it runs", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TestCertificates.obstacle == nil, "nginx or openssl is missing; run Scripts/bootstrap --tests")
)
struct CurlReloadTests {
  typealias PEM = TransportConfiguration.PEM

  private func text(_ path: String) throws -> PEM {
    .text(Secret(try String(contentsOfFile: path, encoding: .utf8)))
  }

  private func status(_ nginx: NginxServer, by transport: CurlTransport) async throws -> Int {
    try await transport.send(curlRequest("GET", "https://localhost:\(nginx.port)/")).status
  }

  @Test("Authorities and the client's certificate may come as text")
  func texts() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates, clients: .required)
    defer { nginx.stop() }
    let client = certificates.client
    let transport = try CurlTransport(
      configuration: TransportConfiguration(
        certificateAuthorities: text(certificates.authority),
        clientCertificate: .init(
          certificate: text(client.certificate), privateKey: text(client.key),
          passphrase: Secret(certificates.clientPassphrase))))
    defer { transport.shutdown() }
    #expect(try await status(nginx, by: transport) == 200)
  }

  @Test("Authorities that replaced others in the same file, or another source, are trusted after a reload")
  func authorities() async throws {
    let (former, current) = (try TestCertificates(), try TestCertificates())
    let nginx = try NginxServer.start(.valid, of: current)
    defer { nginx.stop() }
    let file = former.file("trusted.pem")
    try FileManager.default.copyItem(atPath: former.authority, toPath: file)
    let transport = try CurlTransport(
      configuration: TransportConfiguration(certificateAuthorities: .file(file)))
    defer { transport.shutdown() }
    func expectUntrusted() async throws {
      let error = try await curlFailure(
        of: curlRequest("GET", "https://localhost:\(nginx.port)/"), by: transport)
      #expect(error.kind == .tls)
    }
    try await expectUntrusted()
    // Replaced as orchestrators do it: libcurl still has what it read before.
    try FileManager.default.removeItem(atPath: file)
    try FileManager.default.copyItem(atPath: current.authority, toPath: file)
    try transport.reload()
    #expect(try await status(nginx, by: transport) == 200)
    try transport.reload(certificateAuthorities: text(former.authority))
    try await expectUntrusted()
    try transport.reload(certificateAuthorities: text(current.authority))
    #expect(try await status(nginx, by: transport) == 200)
  }

  @Test("A reload that names no readable file or no PEM throws, and changes nothing")
  func refused() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    #expect(try await status(nginx, by: transport) == 200)
    for source in [PEM.file("/nowhere/canary.pem"), .text(Secret("canary"))] {
      let error = #expect(throws: PlystraError.self) {
        try transport.reload(certificateAuthorities: source)
      }
      #expect(error?.kind == .configuration && error?.message.contains("certificateAuthorities") == true)
      #expect(error.map { "\($0)".contains("canary") } == false)
    }
    #expect(try await status(nginx, by: transport) == 200)
    #expect(await transport.statistics.hosts.map(\.openConnections) == [1])
  }

  @Test("The text of a private key appears nowhere")
  func redaction() {
    let key = PEM.text(Secret("-----BEGIN PRIVATE KEY-----\ncanary"))
    let configuration = TransportConfiguration(
      clientCertificate: .init(certificate: .file("/c.pem"), privateKey: key))
    var shown = "\(configuration) \(String(reflecting: configuration)) \(key) \(String(reflecting: key))"
    dump(configuration, to: &shown)
    dump(key, to: &shown)
    #expect(!shown.contains("canary"))
  }
}
