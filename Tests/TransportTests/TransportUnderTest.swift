import PlystraCore
import PlystraCurlTransport
import PlystraTesting
import PlystraURLSessionTransport
import Testing

/// The transports that every test of this target runs with.
enum TransportUnderTest: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case curl, urlSession

  var testDescription: String { rawValue }

  /// Runs a test with a transport, and shuts it down behind it.
  func run<Result>(
    _ configuration: TransportConfiguration = TransportConfiguration(),
    _ body: (any HTTPTransport) async throws -> Result
  ) async throws -> Result {
    let transport: any HTTPTransport
    let shutDown: () -> Void
    switch self {
    case .curl:
      let curl = try CurlTransport(configuration: configuration)
      (transport, shutDown) = (curl, { curl.shutdown() })
    case .urlSession:
      let session = try URLSessionTransport(configuration: configuration)
      (transport, shutDown) = (session, { session.shutdown() })
    }
    defer { shutDown() }
    return try await body(transport)
  }

  /// Runs a test with a client that holds the demo data's API key.
  func run<Result>(
    against url: String, configuration: PlystraClient.Configuration = PlystraClient.Configuration(),
    _ body: (PlystraClient) async throws -> Result
  ) async throws -> Result {
    try await run { transport in
      try await body(
        PlystraClient(
          baseURL: url, apiKey: "ply_kernel_secret", configuration: configuration, transport: transport))
    }
  }
}

extension PlystraClient.Configuration {
  /// One attempt, so that a test sees what the transport made of it.
  static var singleAttempt: PlystraClient.Configuration { PlystraClient.Configuration(retryPolicy: .never) }
}

/// Runs a test against a kernel of its own, served on loopback.
func withKernelServer<Result>(
  _ kernel: InMemoryKernel = InMemoryKernel(), _ body: (String) async throws -> Result
) async throws -> Result {
  let server = try KernelServer(kernel).start(port: 0)
  do {
    let result = try await body(server.url)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

/// The error of a call that must fail as the SDK says calls fail.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws -> PlystraError {
  do {
    try await body()
  } catch let error as PlystraError {
    return error
  }
  Issue.record("the call should have failed", sourceLocation: sourceLocation)
  throw CancellationError()
}
