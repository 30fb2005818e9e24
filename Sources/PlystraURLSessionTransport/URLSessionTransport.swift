import Foundation
public import PlystraCore

/// Carries requests with the platform's URLSession, which needs no library beyond those of the toolchain.
///
/// Prefer `CurlTransport` where libcurl's headers can be installed. This transport keeps the promises of
/// `HTTPTransport` with the exceptions below, which are URLSession's own and cannot be mended from outside.
///
/// ## On Linux (measured with Swift 6.3.1, whose URLSession is built upon libcurl)
///
/// * **A faulty or hostile server can end the process; use `CurlTransport` there.** It does so by closing the connection
///   inside the header block, by a `Content-Length` of 2⁶³ − 512 or more, by a chunked body with a trailer, and by a
///   redirect to a malformed place such as `//%20`.
/// * **Child processes inherit the connections**, but for those that Foundation's `Process` starts: another program can
///   read and write them, and they stay open until it ends.
/// * The time for a head grows with the square of its fields: 20,000 of them, 180 KB, take 4 to 8 s of processor time.
/// * All URLSessions of a process share one queue, also those of other libraries. Timeouts and cancellation
///   do not wait for it, but requests do: while such a head is read, for about 10 s after a request is given up whose
///   name server is silent, and for as long as a body arrives without a pause, even one that is refused (4 s for
///   400 MB that were sent compressed).
/// * A request that may be resent and has a body fails with `.reset` if the pooled connection it is given was
///   closed by the server; one without a body is resent by libcurl. A request with
///   `TransportRequest.mayBeResent` false travels on a new connection, which is closed afterwards: it arrives
///   once at most, and costs a handshake.
/// * A response that waits on a reused connection before the request is sent is taken for the response to it, which
///   `CurlTransport` prevents over plain HTTP: only its request id tells (contract §6).
/// * The body of a redirect (3xx) is counted only when it is complete, so it is limited by the timeout alone;
///   without a `Location` it is lost.
/// * Response header fields of the same name come joined by commas, and their order is lost. Fields without a
///   space after the colon, lines that end in a bare LF, and text that is not UTF-8 are
///   `.protocolViolation`. Of several `Content-Length` fields that differ, one counts. A head may have 300 KiB.
/// * All of this is with the libcurl 7.88 of Debian 12: URLSession uses the system's. With 7.81, that of Ubuntu
///   22.04, a head has no limit but the timeout, and a server that goes on sending one may end the process.
/// * A literal IPv6 address and a GET with a body are refused before anything is sent.
/// * `Accept-Encoding` is added, and the body decoded; `Content-Encoding` and `Content-Length` of the answer
///   still tell what was on the wire.
/// * Certificates are checked against the system's bundle; no other can be supplied.
/// * Some 160 bytes of memory leak with every request, more with long URLs.
/// * While the first request on a connection waits for its answer, it keeps a core busy: 2.0 s of processor time
///   in a wait of 2 s, 0.001 s for the requests that follow on that connection.
/// * It takes about 18 times the processor time of libcurl. More than 64 connections to a host do not make it
///   faster, and were seen to make it very slow.
///
/// ## On Apple platforms
///
/// URLSession adds `Accept`, `Accept-Language`, `Connection` and `User-Agent` unless the request has them.
/// Proxies of the system settings are not used.
public final class URLSessionTransport: HTTPTransport {
  private let queue: RequestQueue<Exchange>
  private let sessions: Sessions

  /// Makes a transport with connections of its own.
  ///
  /// - Throws: `PlystraError` of kind `.configuration` for settings that URLSession cannot honour: any
  ///   `connectTimeout`, `proxy`, `unixSocketPath`, `certificateAuthorities`, `clientCertificate` or `httpVersion`;
  ///   `connectionsPerHost` outside 1…1,024; and, on Linux, `usesEnvironmentProxy` false
  ///   while `http_proxy`, `https_proxy` or `all_proxy` is set, in small or capital letters, since URLSession
  ///   would obey them; on Apple platforms, `usesEnvironmentProxy` true. On Linux it also refuses to run
  ///   while `URLSessionDebugLibcurl` is set, which makes URLSession log credentials.
  public convenience init(
    configuration: TransportConfiguration = TransportConfiguration()
  ) throws(PlystraError) {
    try self.init(configuration: configuration, environment: ProcessInfo.processInfo.environment)
  }

  /// Makes a transport as if these were the variables of the environment.
  package init(
    configuration: TransportConfiguration, environment: [String: String]
  ) throws(PlystraError) {
    try EnvironmentCheck.check(configuration, environment: environment)
    queue = RequestQueue(limit: configuration.connectionsPerHost)
    sessions = Sessions(
      connectionsPerHost: configuration.connectionsPerHost, maximumAge: configuration.maximumConnectionAge)
  }

  /// Sends a request and returns the response with its whole body.
  ///
  /// - Throws: `TransportError` when there is no complete response; `CancellationError` when the task was cancelled. A
  ///   request that cannot be sent as it is (a line end in a header field, a framing header, a URL with user information,
  ///   a GET with a body) is refused with kind `.other` before anything is sent.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    try Task.checkCancellation()
    let exchange = try Exchange(request, queue: queue, sessions: sessions)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { exchange.begin($0) }
    } onCancel: {
      exchange.end(.failure(CancellationError()))
    }
  }

  /// Replaces the session whose connections requests reuse, since URLSession cannot close a single connection: a request
  /// for which `send` is called after this has returned uses none of them. Requests under way end as they would.
  ///
  /// - Parameter id: the `TransportResponse.connectionID` of a response, which is the number of that session, counted from
  ///   1 for each transport. The number of a former session is ignored. The response to a request with
  ///   `TransportRequest.mayBeResent` false has none: its connection is closed.
  public func closeConnection(_ id: UInt64) { sessions.replace(generation: id) }

  /// Ends every request with `TransportError.Kind.shutDown`, those under way, those waiting and all later
  /// ones, and closes the connections. Calling it again does nothing.
  ///
  /// A transport that is let go without it closes its connections too, once its last request has ended.
  public func shutdown() {
    for exchange in queue.close() { exchange.fail(.shutDown, "the transport was shut down") }
    sessions.invalidate()
  }
}
