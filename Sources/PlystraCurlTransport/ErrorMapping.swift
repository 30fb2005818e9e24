import CLibcurl
import PlystraCore

/// What is known about a transfer that libcurl gave up.
struct FailureFacts {
  let code: CURLcode
  /// libcurl's own words for this failure; empty if it has none.
  let detail: String
  /// Whether these may be shown.
  let quotesDetail: Bool
  /// Whether any byte left, be it for a proxy.
  let hasSentBytes: Bool
  /// What a proxy answered to CONNECT; 0 if none was asked.
  let proxyStatus: Int
  /// Whether any header line of a response came.
  let answerHasBegun: Bool
  /// Whether the head of the final response came, with its empty line.
  let hasWholeHead: Bool
}

extension CURLcode {
  /// libcurl's general text for the code.
  var text: String { String(cString: curl_easy_strerror(self)) }
}

/// Throws what libcurl says of an option that it does not take.
func check(_ code: CURLcode) throws(TransportError) {
  guard code == CURLE_OK else {
    throw .curl(code, kind: .other, message: code.text, mayHaveBeenSent: false)
  }
}

extension TransportError {
  /// The failure in this package's terms.
  init(_ facts: FailureFacts) {
    self = .curl(
      facts.code, kind: facts.kind, message: facts.message,
      mayHaveBeenSent: facts.hasSentBytes && !facts.isRefusedByProxy)
  }

  static func curl(
    _ code: CURLcode, kind: Kind, message: String, mayHaveBeenSent: Bool
  ) -> TransportError {
    TransportError(
      kind: kind, message: message, mayHaveBeenSent: mayHaveBeenSent,
      underlyingError: CurlError(code: Int(code.rawValue), message: message))
  }

  static func shutDown(mayHaveBeenSent: Bool) -> TransportError {
    TransportError(
      kind: .shutDown, message: "the transport was shut down", mayHaveBeenSent: mayHaveBeenSent)
  }

  static func timeout(_ activity: String, mayHaveBeenSent: Bool) -> TransportError {
    TransportError(
      kind: .timeout, message: "the time for the request ran out \(activity)",
      mayHaveBeenSent: mayHaveBeenSent)
  }

  /// A failure before anything was sent.
  static func other(_ message: String) -> TransportError {
    TransportError(kind: .other, message: message, mayHaveBeenSent: false)
  }
}

extension FailureFacts {
  var message: String {
    if isRefusedByProxy { return "the proxy answered \(proxyStatus)" }
    if code == CURLE_OK { return "the connection was closed inside the head of the response" }
    return quotesDetail && !detail.isEmpty ? detail : code.text
  }

  /// Whether a proxy did not open the way to the server.
  var isRefusedByProxy: Bool { proxyStatus != 0 && proxyStatus / 100 != 2 }

  var kind: TransportError.Kind {
    if isRefusedByProxy { return .connect }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .resolve
    case CURLE_COULDNT_CONNECT, Self.proxyHandshakeFailed: return .connect
    case CURLE_OPERATION_TIMEDOUT: return .timeout
    // libcurl takes a connection that closes inside the head for the end of the response.
    // `CURLE_HTTP2` is its code for a session that has ended, for which a stream may have come too late.
    case CURLE_OK, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_HTTP3, CURLE_PARTIAL_FILE:
      if breaksHTTP2 { return .protocolViolation }
      return answerHasBegun ? .truncated : .reset
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
      if isBadChunk { return .protocolViolation }
      return answerHasBegun ? .truncated : isAlert ? .tls : .reset
    // As the schemes are checked before, this is libcurl's code for a response without a status line (HTTP/0.9), or
    // its lack of TLS, when nothing has been sent.
    case CURLE_UNSUPPORTED_PROTOCOL: return hasSentBytes ? .protocolViolation : .other
    // Its code for a field or trailer that is none; otherwise a fault of our own.
    case CURLE_BAD_FUNCTION_ARGUMENT: return hasSentBytes ? .protocolViolation : .other
    // What the response's own limits refuse does not get here: this is libcurl's code for a body that it cannot decode.
    case CURLE_WRITE_ERROR: return hasSentBytes ? .protocolViolation : .other
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: return .protocolViolation
    case CURLE_FILESIZE_EXCEEDED, Self.tooLarge: return .responseTooLarge
    // libcurl's way to say that one header line exceeds its own limit, before any of it is reported.
    case CURLE_OUT_OF_MEMORY: return hasSentBytes && !hasWholeHead ? .responseTooLarge : .other
    default: return Self.tlsCodes.contains(code.rawValue) ? .tls : .other
    }
  }

  /// libcurl gives broken chunk framing and a broken connection the same code.
  private var isBadChunk: Bool { detail.contains("chunk") }

  /// An HTTP/2 stream that one side ended because the other breaks the protocol: libcurl says so in its text alone, or
  /// quotes nghttp2.
  private var breaksHTTP2: Bool {
    ["PROTOCOL_ERROR", "Invalid HTTP header field", "Violation in HTTP messaging"]
      .contains { detail.contains($0) }
  }

  /// In TLS 1.3 a server refuses the client's certificate, or that there is none, after the client's part of the
  /// handshake: libcurl reports a connection that broke, and says in its text alone that this was by an alert.
  private var isAlert: Bool { detail.contains(" alert ") }

  /// `CURLE_PROXY`, since 7.73.0.
  private static let proxyHandshakeFailed = CURLcode(rawValue: 97)
  /// `CURLE_TOO_LARGE`, since 8.6.0.
  private static let tooLarge = CURLcode(rawValue: 100)

  private static let tlsCodes = Set(
    [
      CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND,
      CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_SHUTDOWN_FAILED,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
      // CURLE_SSL_CLIENTCERT, since 7.77.0.
      CURLcode(rawValue: 98),
    ].map(\.rawValue))
}
