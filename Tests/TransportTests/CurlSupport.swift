import Foundation
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

/// A request that no test is meant to see time out.
func curlRequest(
  _ method: String = "GET", _ url: String, headers: TransportHeaders = [:], body: [UInt8]? = nil,
  timeout: Duration = .patience, maximumResponseBytes: Int = 4 << 20, mayBeResent: Bool = true
) -> TransportRequest {
  TransportRequest(
    method: method, url: url, headers: headers, body: body, timeout: timeout,
    maximumResponseBytes: maximumResponseBytes, mayBeResent: mayBeResent)
}

/// A request as the loop knows it, that no test is meant to see time out.
func curlTransfer(_ url: String, mayBeResent: Bool = true) throws -> Transfer {
  let request = curlRequest("GET", url, mayBeResent: mayBeResent)
  return Transfer(
    request, origin: RequestOrigin(url: request.url, length: try request.check()), start: .now())
}

/// A transport that trusts an authority of a test's own.
func curlTransport(
  trusting certificates: TestCertificates, _ change: (inout TransportConfiguration) -> Void = { _ in }
) throws -> CurlTransport {
  var configuration = TransportConfiguration(certificateAuthorities: .file(certificates.authority))
  change(&configuration)
  return try CurlTransport(configuration: configuration)
}

/// A certificate bundle of this system, for tests in which no handshake comes to its end: a libcurl that was built for
/// another system looks for its own elsewhere, and fails before it connects.
let systemAuthorities = [
  "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
].first { FileManager.default.isReadableFile(atPath: $0) }.map { TransportConfiguration.PEM.file($0) }

/// The transport error that a request ends with; anything else is a failure of the test.
func curlFailure(
  of request: TransportRequest, by transport: CurlTransport, _ location: SourceLocation = #_sourceLocation
) async throws -> TransportError {
  let error = await #expect(throws: TransportError.self, sourceLocation: location) {
    _ = try await transport.send(request)
  }
  return try #require(error, sourceLocation: location)
}

/// The transport error that the first request to a server with this script ends with.
func curlFailure(
  _ request: (String) -> TransportRequest = { curlRequest("GET", $0) },
  from script: @escaping RawServer.Script,
  _ location: SourceLocation = #_sourceLocation
) async throws -> TransportError {
  let server = try RawServer.script(script)
  defer { server.stop() }
  let transport = try CurlTransport()
  defer { transport.shutdown() }
  return try await curlFailure(of: request(server.url), by: transport, location)
}

/// The answer to the first request to a server with this script.
func curlAnswer(
  _ request: (String) -> TransportRequest = { curlRequest("GET", $0) },
  from script: @escaping RawServer.Script
) async throws -> TransportResponse {
  let server = try RawServer.script(script)
  defer { server.stop() }
  let transport = try CurlTransport()
  defer { transport.shutdown() }
  return try await transport.send(request(server.url))
}

/// A script that reads a request and sends these bytes.
func replying(_ bytes: String) -> RawServer.Script {
  { connection in
    _ = try connection.readRequest()
    try connection.send(bytes)
  }
}

/// Sends every request in a task of its own, all at once.
func curlResults(
  of requests: [TransportRequest], by transport: CurlTransport
) async -> [Result<TransportResponse, any Error>] {
  // Children that return pairs of an index and a result lose the index when Swift 6.3.1 optimizes them.
  let results = Locked([Int: Result<TransportResponse, any Error>]())
  await withTaskGroup(of: Void.self) { group in
    for (index, request) in requests.enumerated() {
      group.addTask {
        let result: Result<TransportResponse, any Error>
        do {
          result = .success(try await transport.send(request))
        } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
      }
    }
  }
  let collected = results.withLock { $0 }
  return requests.indices.compactMap { collected[$0] }
}

extension Result where Failure == any Error {
  /// The transport error, if that is what came.
  var transportError: TransportError? {
    guard case .failure(let error) = self else { return nil }
    return error as? TransportError
  }
  var isSuccess: Bool {
    if case .success = self { return true }
    return false
  }
  var isCancellation: Bool {
    guard case .failure(let error) = self else { return false }
    return error is CancellationError
  }
}

/// A port on which nobody listens, kept from those who ask the system for a free one.
final class ClosedPort {
  let url: String
  private let descriptor: Int32

  init() throws {
    #if canImport(Darwin)
    descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutableBytes(of: &address) { [descriptor] bytes in
      let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      let bound = bind(descriptor, address, size)
      return bound != 0 ? bound : address.map { getsockname(descriptor, $0, &size) }
    }
    try #require(result == 0)
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
  }

  deinit { close(descriptor) }
}

#if os(Linux)
/// Runs a task wherever it is resumed: with a transport, on the transport's own thread.
final class InlineExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) { job.runSynchronously(on: asUnownedTaskExecutor()) }
}
#endif
