import PlystraCore

/// Serves an in-memory kernel over HTTP/1.1 on 127.0.0.1, to clients in any language.
///
/// ```swift
/// let kernel = InMemoryKernel()
/// let server = try KernelServer(kernel).start()
/// let plystra = try PlystraClient(
///   baseURL: server.url, apiKey: "ply_kernel_secret", transport: try CurlTransport())
/// // …
/// await server.stop()
/// ```
///
/// Only this machine can reach it. It is made for tests: it speaks no TLS and trusts whatever the kernel trusts.
public struct KernelServer: Sendable {
  private let kernel: InMemoryKernel

  /// Makes a server for a kernel, which may at the same time be used directly and by other servers.
  public init(_ kernel: InMemoryKernel) { self.kernel = kernel }

  /// Begins to listen; clients can connect as soon as this returns.
  ///
  /// - Parameters:
  ///   - port: 0…65,535; 0 takes a free port.
  ///   - log: Is told of every request once its answer stands, perhaps of several at once; it must not block for long.
  /// - Returns: the running server, which stops when nobody holds it any more.
  /// - Throws: ``ServerStartError`` when the port is taken, not allowed or out of range.
  public func start(
    port: Int = 0, log: (@Sendable (KernelLogEntry) -> Void)? = nil
  ) throws(ServerStartError) -> Running {
    let handler = ServerHandler { [kernel] request, remoteAddress in
      let response = try? kernel.answer(request, remoteAddress: remoteAddress)
      log?(KernelLogEntry(request, response, in: kernel))
      return response
    }
    return Running(try HTTPServer(port: port, handler: handler))
  }

  /// A server that answers until it is stopped or nobody holds it any more.
  public final class Running: Sendable {
    private let server: HTTPServer

    init(_ server: HTTPServer) { self.server = server }

    /// The port it listens on.
    public var port: Int { server.port }

    /// The base URL for clients, such as `http://127.0.0.1:8080`.
    public var url: String { server.url }

    /// Takes no further connection, closes those at rest, lets requests that are on their way be answered, and
    /// returns when every connection has ended.
    ///
    /// - Parameter limit: after this time, zero or more, the connections that are left are closed.
    public func stop(within limit: Duration = .seconds(5)) async { await server.stop(within: limit) }
  }
}
