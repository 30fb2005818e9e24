import PlystraCore
import PlystraCurlTransport
import PlystraTesting
import PlystraURLSessionTransport

/// A client for the service that the settings name, and what must be taken down after it.
struct Connection {
  /// The API key of the demo data.
  private static let demoKey = "ply_kernel_secret"

  let client: PlystraClient
  /// Where requests go and how, for the reader.
  let summary: String
  /// Ends the transport, and the server if there is one.
  let close: @Sendable () async -> Void

  static func open(_ target: Settings.Target) async throws -> Connection {
    switch target {
    case .inMemory:
      let client = try PlystraClient(
        baseURL: "http://localhost", apiKey: demoKey, transport: InMemoryKernel())
      return Connection(client: client, summary: "a kernel in memory, no network", close: {})
    case .loopback(let name):
      let server = try KernelServer(InMemoryKernel()).start(port: 0)
      do {
        let connection = try open(url: server.url, apiKey: demoKey, name)
        return Connection(
          client: connection.client,
          summary: "a kernel in memory, served on \(server.url), through \(name.rawValue)",
          close: {
            await connection.close()
            await server.stop()
          })
      } catch {
        await server.stop()
        throw error
      }
    case .service(let url, let apiKey, let name):
      return try apiKey.withExposedValue { try open(url: url, apiKey: $0, name) }
    }
  }

  private static func open(url: String, apiKey: String, _ name: Settings.TransportName) throws -> Connection {
    let transport: any HTTPTransport
    let close: @Sendable () async -> Void
    switch name {
    case .curl:
      let curl = try CurlTransport()
      (transport, close) = (curl, { curl.shutdown() })
    case .urlsession:
      let session = try URLSessionTransport()
      (transport, close) = (session, { session.shutdown() })
    }
    let client = try PlystraClient(baseURL: url, apiKey: apiKey, transport: transport)
    return Connection(
      client: client, summary: "the service at \(url), through \(name.rawValue)", close: close)
  }
}
