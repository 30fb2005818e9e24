import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite(
  "CurlTransport: requests that must not be sent twice, over TLS", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"))
struct CurlSentOnceTests {
  /// How a server ends a connection.
  enum End: CaseIterable {
    case reset, close, alert

    func apply(to connection: TLSConnection) throws {
      switch self {
      case .reset: connection.raw.reset()
      case .close: connection.raw.close()
      case .alert: try connection.finish()
      }
    }
  }

  @Test(
    "A request arrives once when the server ends its connection while another request is under way",
    arguments: End.allCases)
  func endAfterAnotherJoined(_ end: End) async throws {
    let certificates = try TestCertificates()
    let context = try TLSContext(certificates)
    let (writeIsIn, readIsIn) = (try Gate(), try Gate())
    let writes = Locked<[String]>([])
    let server = try RawServer.script { raw in
      let connection = try TLSConnection(raw, context)
      func take(_ body: [UInt8]) -> Bool {
        let isFirst = writes.withLock { writes in
          writes.append(String(decoding: body, as: UTF8.self))
          return writes.count == 1
        }
        writeIsIn.open()
        return isFirst
      }
      guard connection.speaksHTTP2 else {
        guard let request = try connection.readRequest() else { return }
        guard take(request.body) else { return try connection.send(TransportResponse(status: 200).bytes) }
        try raw.wait(for: readIsIn)
        return try end.apply(to: connection)
      }
      guard let peer = try HTTP2Peer(connection) else { return }
      var holdsFirstWrite = false
      while let request = try peer.readRequest() {
        if request.body.isEmpty {
          readIsIn.open()
          if holdsFirstWrite { return try end.apply(to: connection) }
        } else if take(request.body) {
          holdsFirstWrite = true
          continue
        }
        try peer.respond(to: request)
      }
    }
    defer { server.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    let url = "https://localhost:\(server.port)/"
    async let write = curlResults(
      of: [curlRequest("POST", url, body: Array("token".utf8), mayBeResent: false)], by: transport)
    try await writeIsIn.waitUntilOpen()
    let read = await curlResults(of: [curlRequest("GET", url)], by: transport)
    #expect(read.first?.isSuccess == true)
    let error = await write.first?.transportError
    #expect(error?.kind == .reset)
    #expect(error?.mayHaveBeenSent == true)
    #expect(writes.withLock { $0 } == ["token"])
  }

  @Test(
    "Other requests go over HTTP/2 all the same, whichever handle they get",
    .enabled(
      if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut responses for whole ones"
    ))
  func othersAreNot() async throws {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    // One after another, so that all of them use one handle.
    var seen: [String?] = []
    for mayBeResent in [true, false, true, false, false, true] {
      let request = curlRequest("GET", "https://localhost:\(nginx.port)/", mayBeResent: mayBeResent)
      seen.append(try await transport.send(request).headers["X-Seen-Protocol"])
    }
    #expect(seen == ["HTTP/2.0", "HTTP/1.1", "HTTP/2.0", "HTTP/1.1", "HTTP/1.1", "HTTP/2.0"])
  }
}
