import PlystraCore
import PlystraTesting
import TestSupport

/// What a whole call costs without a network.
enum KernelBenchmarks {
  static func check() throws -> [Contest] {
    let kernel = InMemoryKernel()
    let client = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_kernel_secret", transport: kernel)
    let request = try AuthorizationRequest(parsing: Fixtures.body("authz-request"))
    var short = request
    short.explain = false
    let question = short
    let canned = CannedTransport(body: try Fixtures.body("authz-check.allow"))
    let cannedClient = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_kernel_secret",
      configuration: PlystraClient.Configuration(answersRequestIDs: .any), transport: canned)
    return [
      Contest(
        title: "authz.check without a network",
        contenders: [
          .init(name: "client alone (canned answer)") {
            blackHole(try await cannedClient.authz.check(question))
          },
          .init(name: "client and InMemoryKernel") { blackHole(try await client.authz.check(question)) },
        ])
    ]
  }

  /// Answers everything with the same body, so that only the client is measured.
  private struct CannedTransport: HTTPTransport {
    let body: [UInt8]
    func send(_ request: TransportRequest) async throws -> TransportResponse {
      TransportResponse(status: 200, body: body)
    }
  }
}
