import CLibcurl
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: bodies that break their encoding", .timeLimit(.minutes(minutesOfAHang)))
struct CurlMalformedBodyTests {
  /// A body whose Content-Encoding libcurl cannot decode to its end.
  struct Body: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let encoding: String
    let bytes: [UInt8]
  }

  private static let gzip = GzipBomb.bytes(decodingTo: 259)
  /// One zstd frame that announces a block of a reserved type.
  private static let brokenZstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x07, 0x00, 0x00, 0xFF]

  @Test(
    "They are protocol violations",
    arguments: [
      Body(testDescription: "gzip with bytes after its end", encoding: "gzip", bytes: gzip + [1, 2, 3]),
      Body(testDescription: "two gzip members", encoding: "gzip", bytes: gzip + gzip),
      Body(testDescription: "no gzip", encoding: "gzip", bytes: Array("plain".utf8)),
      Body(testDescription: "no brotli", encoding: "br", bytes: [UInt8](repeating: 0xFF, count: 40)),
      Body(testDescription: "no zstd", encoding: "zstd", bytes: Array("plain text".utf8)),
      Body(testDescription: "a broken zstd frame", encoding: "zstd", bytes: brokenZstd),
    ])
  func malformed(_ body: Body) async throws {
    let error = try await curlFailure(from: { connection in
      _ = try connection.readRequest()
      try connection.send(
        TransportResponse(status: 200, headers: ["Content-Encoding": body.encoding], body: body.bytes))
    })
    #expect(error.kind == .protocolViolation, "\(error)")
    #expect(error.mayHaveBeenSent)
  }

  @Test("Chunk sizes that are no hexadecimal numbers are too", arguments: ["0x3", "-3", "+3", ""])
  func chunkSize(_ size: String) async throws {
    let error = try await curlFailure(
      from: replying(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\nabc\r\n0\r\n\r\n"))
    #expect(error.kind == .protocolViolation, "\(error)")
  }

  /// The kind that a failure of libcurl has.
  private func kind(
    _ code: CURLcode, _ detail: String = "", responseHasBegun: Bool = false
  ) -> TransportError.Kind {
    FailureFacts(
      code: code, detail: detail, quotesDetail: true, hasSentBytes: true, proxyStatus: 0,
      answerHasBegun: responseHasBegun, hasWholeHead: false
    ).kind
  }

  @Test(
    "A TLS alert after the handshake is a TLS failure",
    arguments: [
      "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
      "OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0",
      "GnuTLS recv error (-12): A TLS fatal alert has been received.",
    ])
  func alert(_ detail: String) {
    for code in [CURLE_RECV_ERROR, CURLE_SEND_ERROR] {
      #expect(kind(code, detail) == .tls)
      #expect(kind(code, detail, responseHasBegun: true) == .truncated)
    }
    #expect(kind(CURLE_RECV_ERROR, "Recv failure: Connection reset by peer") == .reset)
  }

  @Test("A stream that ended before its response is a reset, and a cut response is truncated")
  func endedStream() {
    for code in [CURLE_HTTP2_STREAM, CURLE_PARTIAL_FILE] {
      #expect(kind(code) == .reset)
      #expect(kind(code, responseHasBegun: true) == .truncated)
    }
  }
}
