// Shown in the article "Testing your authorization".

import PlystraCore
import PlystraCurlTransport
import PlystraTesting
import Testing

// example: begin
/// A transport of our own: everything goes out with the name of the service that asks, by which the mesh routes it.
struct MeshTransport: HTTPTransport {
  let service: String
  let upstream: CurlTransport

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    var request = request
    request.headers["X-Mesh-Caller"] = service
    return try await upstream.send(request)
  }
}

@Suite struct MeshTransportTests {
  @Test func keepsTheContract() async throws {
    let curl = try CurlTransport()
    let violations = await TransportConformance.run(
      MeshTransport(service: "billing", upstream: curl),
      excluding: [.requestHeadersAsGiven: "The mesh routes by X-Mesh-Caller, so it is added on purpose."],
      bounds: .init(  // a busy build machine
        timeout: .seconds(2), tolerance: .seconds(30), patience: .seconds(60)),
      shutDown: { curl.shutdown() })
    #expect(violations.isEmpty, "\(violations)")
  }
}
// example: end
