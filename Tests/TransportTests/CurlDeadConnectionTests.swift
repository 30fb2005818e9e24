import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite(
  "CurlTransport: HTTP/2 connections on which nothing comes", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"),
  .enabled(
    if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut responses for whole ones"))
struct CurlDeadConnectionTests {
  /// Responds to each request, but for the second of the first connection.
  private func server(
    _ context: TLSContext, isDeadAfterwards: Bool, secondIsIn: Gate
  ) throws -> RawServer {
    try RawServer.script { raw in
      let connection = try TLSConnection(raw, context)
      guard let peer = try HTTP2Peer(connection) else { return }
      var count = 0
      while let request = try peer.readRequest() {
        count += 1
        if raw.number == 0, count == 2 { secondIsIn.open() }
        let isSilent = raw.number == 0 && (isDeadAfterwards ? count >= 2 : count == 2)
        if !isSilent { try peer.respond(to: request) }
      }
    }
  }

  @Test("After a timeout in which not a byte came, the next request goes over another connection")
  func dead() async throws {
    let certificates = try TestCertificates()
    let server = try server(TLSContext(certificates), isDeadAfterwards: true, secondIsIn: Gate())
    defer { server.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    let url = "https://localhost:\(server.port)/"
    let first = try await transport.send(curlRequest("GET", url))
    let error = try await curlFailure(
      of: curlRequest("GET", url, timeout: .milliseconds(300)), by: transport)
    #expect(error.kind == .timeout && error.mayHaveBeenSent)
    let next = try await transport.send(curlRequest("GET", url, timeout: .seconds(20)))
    #expect(next.status == 200 && next.connectionID != first.connectionID)
    try await server.waitForDisconnect(ofConnection: 0)
    #expect(server.connectionCount == 2)
  }

  @Test("A slow endpoint alone costs no connection")
  func slow() async throws {
    let certificates = try TestCertificates()
    // On a machine that is busy for long, the quick response comes too late, and the connection does count as dead.
    let ids = try await anyOf {
      let secondIsIn = try Gate()
      let server = try server(TLSContext(certificates), isDeadAfterwards: false, secondIsIn: secondIsIn)
      defer { server.stop() }
      let transport = try curlTransport(trusting: certificates)
      defer { transport.shutdown() }
      let url = "https://localhost:\(server.port)/"
      let first = try await transport.send(curlRequest("GET", url))
      async let slow = curlResults(of: [curlRequest("GET", url, timeout: .seconds(1))], by: transport)
      try await secondIsIn.waitUntilOpen()
      let quick = try await transport.send(curlRequest("GET", url))
      #expect(await slow.first?.transportError?.kind == .timeout)
      let last = try await transport.send(curlRequest("GET", url))
      return [first, quick, last].map(\.connectionID)
    } until: {
      Set($0).count == 1
    }
    #expect(Set(ids).count == 1)
  }
}
