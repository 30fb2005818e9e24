import CLibcurl
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

/// A server that responds to one HTTP/2 request and, when the client has read that, resets the stream.
///
/// - Parameter answer: frames to send once a request has come.
private func resettingServer(_ context: TLSContext, answer: [UInt8]) throws -> RawServer {
  try RawServer.script { raw in
    let connection = try TLSConnection(raw, context)
    func waitForFrame(_ kind: Frame.Kind) throws -> Bool {
      while let head = try connection.read(9) {
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        guard try connection.read(count) != nil else { return false }
        if head[3] == kind.rawValue { return true }
      }
      return false
    }
    guard try connection.read(24) != nil, try waitForFrame(.headers) else { return }
    try connection.send(Frame.settings + Frame.settingsTaken + answer + Frame.ping)
    // The client acknowledges the ping after it has read the frames before it. Were the reset among those, libcurl 7.88
    // would report it before anything else.
    guard try waitForFrame(.ping) else { return }
    try connection.send(Frame.reset)
    try connection.holdUntilClosed()
  }
}

@Suite(
  "CurlTransport: HTTP/2 streams that are reset", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(
    if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"),
  .enabled(
    if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut answers for whole ones")
)
struct CurlHTTP2Tests {
  private func result(of answer: [UInt8]) async throws -> Result<TransportResponse, TransportError> {
    let certificates = try TestCertificates()
    let server = try resettingServer(TLSContext(certificates), answer: answer)
    defer { server.stop() }
    let transport = try curlTransport(trusting: certificates)
    defer { transport.shutdown() }
    do {
      return .success(try await transport.send(curlRequest("GET", "https://localhost:\(server.port)/")))
    } catch let error as TransportError {
      return .failure(error)
    }
  }

  @Test("behind the announced length: the answer is whole")
  func whole() async throws {
    let response = try await result(of: Frame.headers(length: 5) + Frame.data("hello")).get()
    #expect(response.status == 200)
    #expect(response.body == Array("hello".utf8))
  }

  @Test("before the announced length, or with none announced: the answer is cut", arguments: [6, nil])
  func cut(length: Int?) async throws {
    let result = try await result(of: Frame.headers(length: length) + Frame.data("hello"))
    let error = #expect(throws: TransportError.self) { try result.get() }
    #expect(error?.kind == .truncated)
    #expect(error?.mayHaveBeenSent == true)
  }

  @Test("before any answer: it may have been sent")
  func nothing() async throws {
    let result = try await result(of: [])
    let error = #expect(throws: TransportError.self) { try result.get() }
    #expect(error?.kind == .reset)
    #expect(error?.mayHaveBeenSent == true)
  }
}
