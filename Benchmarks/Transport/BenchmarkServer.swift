import PlystraCore
import PlystraTesting
import TestSupport

/// A server on loopback, in a process of its own, that allows what every request asks.
final class BenchmarkServer {
  let endpoint: Endpoint
  private let process: ChildProcess

  private init(_ arguments: [String], scheme: Endpoint.Scheme, http: Int) throws {
    process = try ChildProcess(["serve"] + arguments)
    let port = try process.answer()
    endpoint = Endpoint(
      url: "\(scheme)://127.0.0.1:\(port)", authority: scheme == .https ? try process.answer() : nil,
      http: http)
  }

  deinit { process.end() }

  /// An nginx, over TLS with a certificate of its own.
  static func start(_ scheme: Endpoint.Scheme = .http, http: Int = 1) throws -> BenchmarkServer {
    if let obstacle = TestCertificates.obstacle { throw BenchmarkFailure(obstacle) }
    return try BenchmarkServer([scheme.rawValue, String(http)], scheme: scheme, http: http)
  }

  /// A server of this package, which waits before it responds.
  static func start(delay: Duration) throws -> BenchmarkServer {
    try BenchmarkServer(["slowly", String(Int(delay / .milliseconds(1)))], scheme: .http, http: 1)
  }

  /// Does the work of the server's process, until its input ends: be it because this program was killed, which nginx
  /// would outlive.
  ///
  /// - Returns: whether these are a server's arguments.
  static func serve(_ arguments: [String]) async throws -> Bool {
    guard arguments.count == 2, let number = Int(arguments[1]) else { return false }
    if arguments[0] == "slowly" {
      try await serve(delay: .milliseconds(number))
    } else if let scheme = Endpoint.Scheme(rawValue: arguments[0]) {
      let nginx = try Nginx.start(scheme, http: number)
      StandardOutput.print(nginx.port)
      if let authority = nginx.authority { StandardOutput.print(authority) }
      for await _ in StandardInput.lines() {}
      withExtendedLifetime(nginx) {}
    } else {
      return false
    }
    return true
  }

  private static func serve(delay: Duration) async throws {
    let server = try HTTPServer(
      handler: ServerHandler { request, _ in
        try? await Task.sleep(for: delay)
        return TransportResponse(
          status: 200, headers: ["Content-Type": "application/json"],
          body: (try? SampleCall.response(to: request.headers["X-Request-ID"] ?? "")) ?? [])
      })
    StandardOutput.print(server.port)
    for await _ in StandardInput.lines() {}
    await server.stop(within: .zero)
  }
}
