import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

/// A transport that does not look at the environment of the test run.
func makeURLSessionTransport(connectionsPerHost: Int = 32) throws -> URLSessionTransport {
  try URLSessionTransport(
    configuration: TransportConfiguration(connectionsPerHost: connectionsPerHost), environment: [:])
}

extension RawServer {
  /// A request to this server, with so much time that only a hang takes longer.
  func request(
    _ method: String = "GET", _ path: String = "/", headers: TransportHeaders = TransportHeaders(),
    body: [UInt8]? = nil, timeout: Duration = .patience, maximumResponseBytes: Int = 4 << 20,
    mayBeResent: Bool = true
  ) -> TransportRequest {
    TransportRequest(
      method: method, url: url + path, headers: headers, body: body, timeout: timeout,
      maximumResponseBytes: maximumResponseBytes, mayBeResent: mayBeResent)
  }

  /// A server that reads one request of each connection, sends some bytes and closes.
  static func sendingOnce(_ bytes: String) throws -> RawServer {
    try script { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send(bytes)
    }
  }
}

/// The transport error that sending a request ends in.
func failure(
  of request: TransportRequest, on transport: URLSessionTransport,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws -> TransportError {
  let error = await #expect(throws: TransportError.self, sourceLocation: sourceLocation) {
    _ = try await transport.send(request)
  }
  return try #require(error, sourceLocation: sourceLocation)
}
