import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

/// How responses come to the libcurl transport.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case plain, tls, http2

  var testDescription: String { rawValue }

  /// Those that this machine and its libcurl have.
  static let available = allCases.filter { way in
    switch way {
    case .plain: true
    case .tls: TLSContext.obstacle == nil
    case .http2: TLSContext.obstacle == nil && plystra_speaks_http2()
    }
  }

  /// The error of a call, and its cause, with a server that gives each request the same response.
  ///
  /// - Parameters:
  ///   - fields: the lines of the header fields. Over HTTP/2 their names are sent in small letters.
  ///   - interim: a status of an interim response with these fields, after which the response comes without any.
  func failure(
    of call: FaultCall, fields: [String], interim: Int? = nil, body: [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> (error: PlystraError, cause: TransportError) {
    let certificates = self == .plain ? nil : try TestCertificates()
    let context = try certificates.map { try TLSContext($0) }
    let start = interim.map { "HTTP/1.1 \($0) Early\r\n" } ?? "HTTP/1.1 200 OK\r\n"
    let lines = fields.map { $0 + "\r\n" }.joined()
    let end = interim == nil ? "\r\n" : "\r\nHTTP/1.1 200 OK\r\n\r\n"
    let bytes = Array((start + lines + end).utf8) + body
    let server = try RawServer.script { raw in
      guard let context else {
        guard try raw.readRequest() != nil else { return }
        return try raw.send(bytes)
      }
      let connection = try TLSConnection(raw, context)
      guard connection.speaksHTTP2 else {
        guard try connection.readRequest() != nil else { return }
        try connection.send(bytes)
        return try connection.finish()
      }
      guard let peer = try HTTP2Peer(connection) else { return }
      while let request = try peer.readRequest() {
        try connection.send(
          Frame.response(stream: request.stream, fields: fields.map(Self.field), body: body))
      }
    }
    defer { server.stop() }
    let configuration = TransportConfiguration(
      certificateAuthorities: certificates.map { .file($0.authority) },
      httpVersion: self == .http2 ? .negotiated : .http1)
    return try await TransportUnderTest.curl.run(configuration) { transport in
      let client = try MatrixClient(
        url: "\(self == .plain ? "http" : "https")://127.0.0.1:\(server.port)", transport: transport,
        configuration: .patient, time: SkippedTime())
      let error = try await client.failure(of: call, sourceLocation: sourceLocation)
      let cause = try #require(error.underlyingError as? TransportError, sourceLocation: sourceLocation)
      return (error, cause)
    }
  }

  private static func field(of line: String) -> (name: String, value: String) {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
    return (parts[0].lowercased(), String(value))
  }
}
