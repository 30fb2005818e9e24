import PlystraCore
import PlystraCurlTransport
import PlystraTesting
import PlystraURLSessionTransport

/// A client for the service that the settings name, and what must be taken down after it.
struct Connection {
  /// The API key of the demo data.
  private static let demoKey = "ply_kernel_secret"
  /// Where a client thinks it goes that needs no network.
  private static let nowhere = "http://localhost"

  let client: PlystraClient
  /// Where requests go and how, for the reader.
  let summary: String
  /// Whether there is anybody to log in at: a recording may have been made without.
  var allowsLogin = true
  /// Keeps what a run that went well is to leave behind, or says what it should have done and did not.
  let complete: @Sendable () async throws -> Void
  /// Ends the transport, and the server if there is one.
  let close: @Sendable () async -> Void

  static func open(_ settings: Settings) throws -> Connection {
    switch settings.target {
    case .inMemory:
      return try open(
        url: nowhere, apiKey: demoKey, through: InMemoryKernel(), recording: settings.recording,
        summary: "a kernel in memory, no network", close: {})
    case .loopback(let name):
      let server = try KernelServer(InMemoryKernel()).start(port: 0)
      return try open(
        url: server.url, apiKey: demoKey, name, recording: settings.recording,
        summary: "a kernel in memory, served on \(server.url), through \(name.rawValue)",
        close: { await server.stop() })
    case .service(let url, let apiKey, let name):
      return try apiKey.withExposedValue { key in
        try open(
          url: url, apiKey: key, name, recording: settings.recording,
          summary: "the service at \(url), through \(name.rawValue)", close: {})
      }
    case .fixture(let path): return try replay(path)
    }
  }

  private static func replay(_ path: String) throws -> Connection {
    let fixture = try FixtureTransport(contentsOf: path)
    return Connection(
      client: try PlystraClient(baseURL: nowhere, apiKey: demoKey, transport: fixture),
      summary: "a replay of \(path), no network",
      allowsLogin: fixture.recordedRequests.contains { $0.operation == .authLogin },
      complete: { try fixture.verify() }, close: {})
  }

  private static func open(
    url: String, apiKey: String, _ name: Settings.TransportName, recording: String?, summary: String,
    close: @escaping @Sendable () async -> Void
  ) throws -> Connection {
    switch name {
    case .curl:
      let curl = try CurlTransport()
      return try open(
        url: url, apiKey: apiKey, through: curl, recording: recording, summary: summary,
        close: {
          await curl.shutdown(within: .zero)
          await close()
        })
    case .urlsession:
      let session = try URLSessionTransport()
      return try open(
        url: url, apiKey: apiKey, through: session, recording: recording, summary: summary,
        close: {
          session.shutdown()
          await close()
        })
    }
  }

  private static func open(
    url: String, apiKey: String, through transport: any HTTPTransport, recording path: String?,
    summary: String, close: @escaping @Sendable () async -> Void
  ) throws -> Connection {
    guard let path else {
      return Connection(
        client: try PlystraClient(baseURL: url, apiKey: apiKey, transport: transport), summary: summary,
        complete: {}, close: close)
    }
    let recording = try RecordingTransport(upstream: transport, to: path)
    return Connection(
      client: try PlystraClient(baseURL: url, apiKey: apiKey, transport: recording),
      summary: "\(summary), recorded to \(path)", complete: { try await recording.finish() }, close: close)
  }
}
