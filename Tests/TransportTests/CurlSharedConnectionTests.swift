import CLibcurl
import Foundation
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

/// Connections over TLS that requests share, and when they are replaced.
@Suite(
  "CurlTransport: the connections of HTTP/2", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"),
  .enabled(
    if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut responses for whole ones"))
struct CurlSharedConnectionTests {
  /// Responds to each request, but to one with a body only when a gate is open, and to nothing else on its connection
  /// before that.
  private struct SlowServer {
    let slowIsIn: Gate
    let gate: Gate
    let server: RawServer

    init(_ certificates: TestCertificates) throws {
      let (slowIsIn, gate) = (try Gate(), try Gate())
      let context = try TLSContext(certificates)
      server = try RawServer.script { raw in
        let connection = try TLSConnection(raw, context)
        guard let peer = try HTTP2Peer(connection) else { return }
        while let request = try peer.readRequest() {
          if !request.body.isEmpty {
            slowIsIn.open()
            try raw.wait(for: gate, reading: false)
          }
          try peer.respond(to: request)
        }
      }
      (self.slowIsIn, self.gate) = (slowIsIn, gate)
    }

    func request(isSlow: Bool = false) -> TransportRequest {
      curlRequest("POST", "https://localhost:\(server.port)/", body: isSlow ? [1] : nil)
    }
  }

  private func ids(
    _ count: Int, _ port: Int, by transport: CurlTransport
  ) async throws -> Set<UInt64?> {
    let requests = (0..<count).map { _ in curlRequest("GET", "https://localhost:\(port)/") }
    return Set(try await curlResults(of: requests, by: transport).map { try $0.get().connectionID })
  }

  @Test(
    "A cold burst of 256 requests opens as many connections as the server's streams need, and one more at most"
  )
  func burst() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    // nginx allows 128 streams, of which libcurl uses 100.
    let count = try await ids(256, nginx.port, by: transport).count
    #expect(count <= 3)
  }

  @Test("A cold burst over HTTP/1.1 opens as many connections as are configured, and no more")
  func burstOverHTTP1() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates) {
      $0.connectionsPerHost = 3
      $0.httpVersion = .http1
    }
    defer { transport.shutdown() }
    #expect(try await ids(30, nginx.port, by: transport).count <= 3)
  }

  /// Has a transport use another connection while a request is under way on one.
  private func expectReplaced(
    maximumAge: Duration?, by replace: (CurlTransport) async throws -> Void
  ) async throws {
    let certificates = try TestCertificates()
    let slowServer = try SlowServer(certificates)
    defer { slowServer.server.stop() }
    let transport = try curlTransport(trusting: certificates) { $0.maximumConnectionAge = maximumAge }
    defer { transport.shutdown() }
    // From here on HTTP/2 is known to be spoken.
    _ = try await transport.send(slowServer.request())
    async let slow = transport.send(slowServer.request(isSlow: true))
    try await slowServer.slowIsIn.waitUntilOpen()
    try await replace(transport)
    let next = try await transport.send(slowServer.request())
    #expect(next.status == 200)
    slowServer.gate.open()
    let last = try await slow
    #expect(last.status == 200 && last.connectionID != next.connectionID)
    try await slowServer.server.waitForDisconnect(ofConnection: 0)
  }

  @Test("A connection that is always in use is replaced after its time, and its requests finish")
  func age() async throws {
    try await expectReplaced(maximumAge: .seconds(1)) { _ in try await Task.sleep(for: .milliseconds(1_100)) }
  }

  @Test("After a reload, requests use new connections, and those under way finish on theirs")
  func reload() async throws {
    try await expectReplaced(maximumAge: nil) { try $0.reload() }
  }

  @Test("Warming up opens one connection where HTTP/2 is spoken, and as many as asked for where it is not")
  func warmUp() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let request = curlRequest("GET", "https://localhost:\(nginx.port)/")
    for (version, count) in [(TransportConfiguration.HTTPVersion.negotiated, 1), (.http1, 8)] {
      let transport = try curlTransport(trusting: certificates) { $0.httpVersion = version }
      defer { transport.shutdown() }
      try await transport.warmUp(with: request, connections: 8)
      let host = try #require(await transport.statistics.hosts.first)
      #expect(host.openConnections == count && host.idleConnections == count)
      #expect(host.requestsUnderWay == 0 && host.waitingRequests == 0)
    }
  }
}
