import Foundation
import PlystraCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension TransportError {
  /// Names a failure that URLSession reports.
  ///
  /// - Parameter answerBegan: whether the head of the final answer had arrived.
  init(_ error: any Error, answerBegan: Bool) {
    let message = error.localizedDescription
    var (kind, mayHaveBeenSent) = Self.failure(of: error, message)
    if answerBegan {
      mayHaveBeenSent = true
      if kind == .reset { kind = .truncated }
    }
    self.init(kind: kind, message: message, mayHaveBeenSent: mayHaveBeenSent, underlyingError: error)
  }

  private typealias Failure = (kind: Kind, mayHaveBeenSent: Bool)

  private static func failure(of error: any Error, _ message: String) -> Failure {
    #if canImport(FoundationNetworking)
    // Before the code, which is -1 for most failures, and -1004 for any that follows upon a refused
    // connection to the first of several addresses.
    if let known = phrases.first(where: { message.contains($0.text) }) {
      return (known.kind, known.mayHaveBeenSent)
    }
    #endif
    return failure(of: (error as? URLError)?.code)
  }

  private static func failure(of code: URLError.Code?) -> Failure {
    switch code {
    case .cannotFindHost, .dnsLookupFailed: (.resolve, false)
    case .cannotConnectToHost, .notConnectedToInternet: (.connect, false)
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
      .clientCertificateRequired:
      (.tls, false)
    case .timedOut: (.timeout, true)
    case .networkConnectionLost: (.reset, true)
    case .badServerResponse, .cannotParseResponse, .cannotDecodeRawData, .cannotDecodeContentData:
      (.protocolViolation, true)
    case .badURL, .unsupportedURL: (.other, false)
    default: (.other, true)
    }
  }

  #if canImport(FoundationNetworking)
  /// What libcurl says, and what it means; the first that occurs in the message decides.
  private static let phrases: [(text: String, kind: Kind, mayHaveBeenSent: Bool)] = [
    ("Could not resolve", .resolve, false),
    ("Couldn't resolve", .resolve, false),
    ("Resolving timed out", .resolve, false),
    ("transfer closed with", .truncated, true),
    ("partial file", .truncated, true),
    ("Empty reply from server", .reset, true),
    ("Server returned nothing", .reset, true),
    ("Failed to connect", .connect, false),
    ("connect to server", .connect, false),
    ("Immediate connect fail", .connect, false),
    ("Connection timed out after", .connect, false),
    ("Connection timeout after", .connect, false),
    ("CONNECT tunnel failed", .connect, false),
    ("from proxy after CONNECT", .connect, false),
    // With TLS 1.3 a refused client certificate shows only when the answer is read.
    (" alert ", .tls, true),
    ("SSL_read", .reset, true),
    ("SSL_write", .reset, true),
    ("SSL", .tls, false),
    ("certificate", .tls, false),
    ("TLS", .tls, false),
    ("Recv failure", .reset, true),
    ("Send failure", .reset, true),
    ("Failed sending data", .reset, true),
    ("Failure when receiving data", .reset, true),
    ("Connection died", .reset, true),
    ("rewind", .reset, true),
    ("PROTOCOL_ERROR", .protocolViolation, true),
    ("was not closed cleanly", .reset, true),
    // A session of HTTP/2 that has ended, for which a request may have come too late.
    ("HTTP2 framing", .reset, true),
    ("response headers", .responseTooLarge, true),
    // What libcurl 7.88 says of a single header line beyond 100 KiB.
    ("Out of memory", .responseTooLarge, true),
    ("giant realloc", .responseTooLarge, true),
    ("chunked-encoding", .protocolViolation, true),
    ("chunk hex-length", .protocolViolation, true),
    ("content unencoding", .protocolViolation, true),
    ("content encoding", .protocolViolation, true),
    ("HTTP/0.9", .protocolViolation, true),
    ("HTTP version", .protocolViolation, true),
    ("Unsupported HTTP", .protocolViolation, true),
    ("Unsupported response code", .protocolViolation, true),
    ("Header without colon", .protocolViolation, true),
    ("Nul byte in header", .protocolViolation, true),
    ("Invalid Content-Length", .protocolViolation, true),
    // FoundationNetworking refuses header lines that end in a bare LF, are not UTF-8, or have no space after the
    // colon.
    ("writing header", .protocolViolation, true),
  ]
  #endif
}
