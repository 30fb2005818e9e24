import Foundation
import PlystraCore
import Testing

@testable import PlystraURLSessionTransport

#if canImport(FoundationNetworking)
import FoundationNetworking

/// Failures of which URLSession tells no more than libcurl's message, and which no loopback server can cause.
struct URLSessionErrorMappingTests {
  private func mapped(_ message: String, code: Int = -1, answerBegan: Bool = false) -> TransportError {
    let error = NSError(domain: NSURLErrorDomain, code: code, userInfo: [NSLocalizedDescriptionKey: message])
    return TransportError(error, answerBegan: answerBegan)
  }

  @Test(arguments: [
    "SSL certificate problem: self-signed certificate",
    "SSL certificate problem: certificate has expired",
    "SSL: no alternative certificate subject name matches target host name 'plystra.internal'",
    "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to plystra.internal:443 ",
    "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number",
    "TLS connect error: error:0A00010B:SSL routines::wrong version number",
    "server certificate verification failed. CAfile: none CRLfile: none",
  ])
  func handshakes(message: String) {
    let error = mapped(message)
    #expect(error.kind == .tls)
    #expect(!error.mayHaveBeenSent)
    #expect(error.message == message)
  }

  @Test func aClientCertificateThatTheServerMisses() {
    let error = mapped(
      "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0"
    )
    #expect(error.kind == .tls)
    #expect(error.mayHaveBeenSent)
  }

  @Test(arguments: [
    "OpenSSL SSL_read: error:0A000126:SSL routines::unexpected eof while reading, errno 0",
    "OpenSSL SSL_read: Connection reset by peer, errno 104",
    "OpenSSL SSL_write: Broken pipe, errno 32",
    "Send failure: Broken pipe",
    "HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)",
    "Error in the HTTP2 framing layer",
    "Send failed since rewinding of the data stream failed",
  ])
  func lostConnections(message: String) {
    let early = mapped(message)
    #expect(early.kind == .reset)
    #expect(early.mayHaveBeenSent)
    #expect(mapped(message, answerBegan: true).kind == .truncated)
  }

  @Test(
    "Responses that libcurl refuses, whatever code FoundationNetworking gives them, were asked for",
    arguments: [
      "Unsupported response code in HTTP response", "Unsupported HTTP version in response",
      "Unsupported HTTP/1 subversion in response",
      "HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1)",
    ])
  func refusedResponses(message: String) {
    let error = mapped(message, code: NSURLErrorUnsupportedURL)
    #expect(error.kind == .protocolViolation)
    #expect(error.mayHaveBeenSent)
  }

  @Test(arguments: [
    "Connection timed out after 300000 milliseconds",
    "Connection timeout after 300001 ms",
    "Failed to connect to alert.test port 443 after 12 ms: Couldn't connect to server",
    "CONNECT tunnel failed, response 403",
  ])
  func connections(message: String) {
    let error = mapped(message, code: NSURLErrorTimedOut)
    #expect(error.kind == .connect)
    #expect(!error.mayHaveBeenSent)
  }

  @Test func theMessageCountsForMoreThanTheCode() {
    // The code of a refused connection stays when the next address of the host accepts it.
    let error = mapped(
      "transfer closed with 82 bytes remaining to read", code: NSURLErrorCannotConnectToHost,
      answerBegan: true)
    #expect(error.kind == .truncated)
    #expect(error.mayHaveBeenSent)
  }

  @Test(arguments: [
    (URLError.Code.cannotFindHost, TransportError.Kind.resolve, false),
    (.cannotConnectToHost, .connect, false),
    (.secureConnectionFailed, .tls, false),
    (.timedOut, .timeout, true),
    (.networkConnectionLost, .reset, true),
    (.badURL, .other, false),
    (.unknown, .other, true),
  ])
  func codesOfUnheardMessages(code: URLError.Code, kind: TransportError.Kind, mayHaveBeenSent: Bool) {
    let error = TransportError(URLError(code), answerBegan: false)
    #expect(error.kind == kind)
    #expect(error.mayHaveBeenSent == mayHaveBeenSent)
  }

  @Test func otherErrors() {
    let error = TransportError(CocoaError(.fileNoSuchFile), answerBegan: false)
    #expect(error.kind == .other)
    #expect(error.mayHaveBeenSent)
  }
}
#endif
