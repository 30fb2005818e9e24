public import PlystraCore

/// Carries requests with libcurl (7.68 or newer): one thread for all transfers of a transport, connections that are
/// kept and used again, and a queue for each host in front of them.
///
/// ```swift
/// let transport = try CurlTransport()
/// let plystra = try PlystraClient(baseURL: "https://plystra.internal", apiKey: key, transport: transport)
/// ```
///
/// * A request with `HTTPRequest.mayBeResent` false gets a connection of its own, because libcurl silently repeats
///   a request whose pooled connection turns out dead; later requests may use that connection.
/// * Connections that were idle for 115 s are not used again; over TLS, HTTP/2 is spoken where the server offers it.
/// * Certificates are checked against the system's trust store, which is read once an hour at most.
/// * Proxies that the environment names are ignored, unless `TransportConfiguration.usesEnvironmentProxy` is set.
/// * Header fields of an answer, and of interim answers before it, may come to 64 KiB.
/// * With libcurl older than 7.87, giving up a request whose host name is being looked up holds up the others until
///   the look-up ends.
///
/// Dropping the last reference shuts the transport down, too.
public final class CurlTransport: HTTPTransport {
  private let loop: CurlLoop

  /// Starts the thread of a transport.
  ///
  /// - Throws: `PlystraError` of kind `configuration` that names a setting out of range; `TransportError` if
  ///   the system has no thread, memory or descriptors left.
  public init(configuration: TransportConfiguration = .init()) throws {
    loop = try CurlLoop(limits: TransferLimits(configuration))
  }

  deinit { loop.shutDown() }

  /// Sends a request and returns the answer with its whole body.
  ///
  /// - Throws: `TransportError`, with a ``CurlError`` beneath it when libcurl gave up; `CancellationError` when the
  ///   task was cancelled. A request that cannot be sent as it is (a line end in a header field, a URL with user
  ///   information, a framing header) is refused with kind `other` before anything is sent.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let start = MonotonicTime.now()
    try Task.checkCancellation()
    let origin = try RequestCheck.origin(of: request)
    guard request.timeout > .zero else {
      throw TransportError.timeout("before it began", mayHaveBeenSent: false)
    }
    let transfer = Transfer(request, origin: origin, deadline: start.advanced(by: request.timeout))
    switch await loop.run(transfer) {
    case .answer(let head, let body):
      return HTTPResponse(status: head.status, headers: head.fields, body: body)
    case .failure(let error): throw error
    case .cancelled: throw CancellationError()
    }
  }

  /// Fails all requests under way and waiting with `.shutDown`, closes all connections and waits for the thread to
  /// end, which takes a moment at most.
  ///
  /// Later requests fail with `.shutDown` at once. Calling it again does nothing.
  public func shutdown() { loop.shutDown() }
}
