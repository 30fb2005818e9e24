#if os(Linux)
import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite(
  "CurlTransport: connections over TLS", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TestCertificates.obstacle == nil, "nginx or openssl is missing; run Scripts/bootstrap --tests")
)
struct CurlTLSTests {
  /// Runs requests against an nginx, and says what it saw of each.
  private func seen(
    _ field: String, of requests: [[Bool]]
  ) async throws -> [[String]] {
    let certificates = try TestCertificates()
    let nginx = try NginxServer.start(.valid, of: certificates)
    defer { nginx.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    var seen: [[String]] = []
    for batch in requests {
      let requests = batch.map { curlRequest("GET", "https://localhost:\(nginx.port)/", mayBeResent: $0) }
      // On the loop's thread most of them are there before the first is answered.
      let results = await withTaskExecutorPreference(transport.executor) {
        await curlResults(of: requests, by: transport)
      }
      seen.append(try results.map { try $0.get().headers[field] ?? "" })
    }
    return seen
  }

  private static let crowd = [Bool](repeating: true, count: 24)

  @Test(
    "Requests at a time share one connection over HTTP/2",
    .enabled(
      if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut answers for whole ones"))
  func multiplexing() async throws {
    // A machine that is busy for minutes outlasts the time for which a connection is kept.
    let connections = try await anyOf {
      try await seen("X-Seen-Connection", of: [[true], Self.crowd])
    } until: {
      Set($0.joined()).count == 1
    }
    #expect(connections[1].count == Self.crowd.count)
    #expect(Set(connections.joined()).count == 1)
  }

  @Test("New connections resume the TLS session, whichever handle opens them", arguments: [1, 4])
  func sessions(count: Int) async throws {
    let fresh = [Bool](repeating: false, count: count)
    let sessions = try await seen("X-Seen-Session", of: [[false], fresh])
    #expect(sessions == [["."], [String](repeating: "r", count: count)])
  }
}
#endif
