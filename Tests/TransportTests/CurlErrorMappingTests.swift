import CLibcurl
import PlystraCore
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: what libcurl's failures are")
struct CurlErrorMappingTests {
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
    for code in [CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_PARTIAL_FILE] {
      #expect(kind(code) == .reset)
      #expect(kind(code, responseHasBegun: true) == .truncated)
    }
  }

  @Test(
    "A stream that one side ended because the other broke the protocol is a protocol violation",
    arguments: [
      "HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1)",
      "HTTP/2 stream 1 reset by curl (error 0x1 PROTOCOL_ERROR)",
      "Invalid HTTP header field was received: frame type: 1, stream: 1, name: [content-length], value: [-1]",
      "Violation in HTTP messaging rule: frame type: 1, stream: 1",
    ])
  func brokenStream(_ detail: String) {
    #expect(kind(CURLE_HTTP2_STREAM, detail) == .protocolViolation)
    #expect(kind(CURLE_HTTP2_STREAM, detail, responseHasBegun: true) == .protocolViolation)
  }
}
