import PlystraCore
import PlystraCurlTransport
import PlystraTesting
import PlystraURLSessionTransport
import TestSupport
import Testing

/// Our own transports keep the contract that everybody else's is measured by.
@Suite struct OwnTransportTests {
  private static let bounds = TransportConformance.Bounds(
    timeout: .seconds(Sanitizer.slowdown), tolerance: .patience / 2, patience: .patience)

  @Test func libcurl() async throws {
    let transport = try CurlTransport()
    let violations = await TransportConformance.run(
      transport, bounds: Self.bounds, shutDown: { transport.shutdown() })
    #expect(violations.isEmpty, "\(violations)")
  }

  #if canImport(FoundationNetworking)
  /// What FoundationNetworking cannot do, as the transport's documentation says.
  private static let exclusions: KeyValuePairs<TransportConformance.Case, String> = [
    .duplicateHeadersKept: "FoundationNetworking joins fields of one name by commas.",
    .unspacedHeadersRead: "FoundationNetworking refuses them, which becomes protocolViolation.",
    .chunkedTrailersSkipped: "FoundationNetworking ends the process.",
    .closedInHead: "FoundationNetworking ends the process.",
  ]
  #else
  private static let exclusions: KeyValuePairs<TransportConformance.Case, String> = [
    .duplicateHeadersKept: "URLSession joins fields of one name by commas.",
    .requestHeadersAsGiven: "URLSession adds Accept, Accept-Language and User-Agent.",
  ]
  #endif

  @Test func urlSession() async throws {
    // Sessions of a process share a queue: while other tests flood it, a body is given up late.
    let violations = try await anyOf {
      let transport = try URLSessionTransport()
      return await TransportConformance.run(
        transport, excluding: Self.exclusions, bounds: Self.bounds, shutDown: { transport.shutdown() })
    } until: {
      $0.isEmpty
    }
    #expect(violations.isEmpty, "\(violations)")
  }
}
