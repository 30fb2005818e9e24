public import PlystraCore

/// Sends requests with libcurl (7.68 or newer): one thread for all transfers of a transport, a pool of connections, and a
/// queue for each host in front of it. One transport is enough for a process.
///
/// ```swift
/// let transport = try CurlTransport()
/// let plystra = try PlystraClient(baseURL: "https://plystra.internal", apiKey: key, transport: transport)
/// ```
///
/// ## Connections
///
/// * Over TLS, HTTP/2 is spoken where the server offers it, and requests share its connections: 100 at a time each, or fewer
///   if the server allows fewer. A burst of requests waits for the first connection, and opens one more at a time.
/// * `TransportConfiguration.connectionsPerHost` limits connections. Further requests wait in order.
/// * Each connection is used for `TransportConfiguration.maximumConnectionAge`, 5 minutes by default, and closed after its
///   last request, so that changes of load balancers, DNS and certificates reach busy clients (libcurl 7.80 or newer).
///   ``reload(certificateAuthorities:clientCertificate:)`` does the same at once.
/// * Connections that were idle for 115 s are not reused, and closed before the service closes them.
/// * A request with `TransportRequest.mayBeResent` false gets a connection of its own, because libcurl silently repeats
///   a request whose pooled connection turns out dead. Later requests may reuse that connection. Over TLS, where HTTP/2
///   may be spoken, it is one of HTTP/1.1 and closed afterwards: libcurl would also repeat a request whose HTTP/2
///   connection another request joins.
/// * After a timeout in which not one byte came on an HTTP/2 connection, further requests use another connection, and those
///   under way may still finish (libcurl 7.80 or newer). On Linux, a connection whose peer acknowledges nothing for 30 s
///   fails.
/// * A plain HTTP connection on which anything waits before a request is sent is not used: what waits cannot be the
///   response. The request is sent on a new connection. If the server sends something first there too, it fails with
///   `.protocolViolation`. This needs libcurl 7.80 or newer. It is not done over TLS, where what waits may be a session
///   ticket, nor over Unix-domain sockets, nor with a proxy that is reached by TLS, nor with
///   `TransportConfiguration.usesEnvironmentProxy`.
/// * A stale response that arrives after the request was sent is returned: only its request id tells (contract §6).
/// * Proxies that the environment names are ignored, unless `TransportConfiguration.usesEnvironmentProxy` is set.
///
/// ## TLS
///
/// * TLS is spoken from version 1.2 on. Certificates are checked against the system's trust store, which is read once an
///   hour at most, or against `TransportConfiguration.certificateAuthorities`. PEM text is for a few authorities: libcurl
///   parses it for each connection, on the transport's thread.
///
/// ## What libcurl does by itself
///
/// * It sends a request again, on a new connection and up to five times, whose HTTP/2 stream the server refused
///   (REFUSED_STREAM, GOAWAY). If it gives up, the error is `.reset` and says that the request may have been sent.
/// * HTTP/2 is not used with libcurl older than 7.79, which may take an HTTP/2 response of unannounced length that was cut
///   for a whole one. Before 8.0 libcurl still does so if the server resets the stream and closes the connection at the same
///   time, and 8.16 if the server resets the stream without an error. The SDK accepts no JSON text that was cut;
///   `TransportConfiguration.HTTPVersion.http1` avoids the question.
/// * Header fields of a response, and of interim responses before it, may come to 64 KiB. A response whose
///   `Content-Length` is no number, appears twice with different numbers or comes with `Transfer-Encoding` is
///   `.protocolViolation`, as is one with white space before the colon of a field.
/// * A chunk size ends at its first character that is no hexadecimal digit, whatever comes after it: libcurl takes `3g` for
///   3, and does not report it.
/// * With libcurl older than 7.87, giving up a request whose host name is being looked up holds up the others until
///   the look-up ends.
/// * It starts no process, and a process that was forked off without starting another program must not use it: the
///   threads stay in the parent.
///
/// Dropping the last reference shuts the transport down as ``shutdown()`` does.
public final class CurlTransport: HTTPTransport {
  private let loops: LoopGroup
  /// The executor, where the system has such.
  private let runner: (any JobRunner)?
  /// What a reload without a source of its own reads again.
  private let material: Locked<TLSMaterial>
  private let connectionsPerHost: Int

  /// Starts the threads of a transport.
  ///
  /// - Parameters:
  ///   - configuration: its settings, all of which libcurl honours.
  ///   - loops: how many threads make the transfers, 1…64 and no more than `TransportConfiguration`'s connections to a
  ///     host, which they divide among them; each request goes to the thread that has the fewest. One is enough for
  ///     tens of thousands of requests a second.
  /// - Throws: `PlystraError` of kind `configuration` that names a setting out of range, or `allowsTLSKeyLog` while
  ///   the environment variable `SSLKEYLOGFILE` is set; `TransportError` if the system has no thread, memory or
  ///   descriptors left.
  public init(configuration: TransportConfiguration = .init(), loops: Int = 1) throws {
    let limits = try TransferLimits(configuration)
    guard (1...min(64, configuration.connectionsPerHost)).contains(loops) else {
      throw PlystraError.configuration(
        "loops", "is \(loops); choose a number from 1 to 64, at most one for each of connectionsPerHost")
    }
    material = Locked(limits.network.material)
    connectionsPerHost = limits.connectionsPerHost
    self.loops = try LoopGroup(count: loops, limits: limits)
    if #available(macOS 15.0, iOS 18.0, tvOS 18.0, watchOS 11.0, *) {
      let executor = LoopExecutor(loops: self.loops)
      self.loops.setRunner(executor)
      runner = executor
    } else {
      runner = nil
    }
  }

  deinit { loops.shutDown() }

  /// Runs tasks on the transport's own threads: their requests and responses then need no other thread, and cost little
  /// more than libcurl itself.
  ///
  /// ```swift
  /// try await withTaskExecutorPreference(transport.executor) {
  ///   try await plystra.authz.check(request)
  /// }
  /// ```
  ///
  /// For tasks that mostly wait for responses: while one computes or blocks, the transport's other requests stop.
  /// It may outlive the transport; once that is shut down, its tasks run on the global executor.
  @available(macOS 15.0, iOS 18.0, tvOS 18.0, watchOS 11.0, *)
  public var executor: any TaskExecutor {
    // Made in `init` on every system that gets here.
    runner as? LoopExecutor ?? globalConcurrentExecutor
  }

  /// Sends a request and returns the response with its whole body.
  ///
  /// - Throws: `TransportError`, whose underlying error is a ``CurlError`` if libcurl gave up; `CancellationError` when the
  ///   task was cancelled. A request that cannot be sent as it is (a line end in a header field, a URL with user
  ///   information, a framing header) is refused with kind `other` before anything is sent.
  public nonisolated(nonsending) func send(_ request: TransportRequest) async throws -> TransportResponse {
    let transfer = try Self.transfer(of: request)
    let loop = loops.forRequest()
    await loop.run(transfer)
    return try loop.response(to: transfer)
  }

  /// Apart from the above, as is what comes after the wait, so that it waits with little memory.
  @inline(never)
  private static func transfer(
    of request: TransportRequest, opensConnection: Bool = false
  ) throws -> Transfer {
    let start = MonotonicTime.now()
    if Task.isCancelled { throw CancellationError() }
    let origin = RequestOrigin(url: request.url, length: try request.check())
    guard request.timeout > .zero else {
      throw TransportError.timeout("before it began", mayHaveBeenSent: false)
    }
    return Transfer(request, origin: origin, start: start, opensConnection: opensConnection)
  }

  /// Opens connections before they are needed, so that the first requests need not wait for them: the request is sent over
  /// each of them at the same time, or over one alone of each thread if that turns out to speak HTTP/2, which carries all
  /// requests.
  ///
  /// - Parameters:
  ///   - request: a request without an effect, such as one for the service's health; its response is dropped, whatever its
  ///     status. `TransportRequest.mayBeResent` must be true, else its connections are not kept.
  ///   - connections: how many to open, 1 to `TransportConfiguration.connectionsPerHost`.
  /// - Throws: `TransportError` if one of them could not be opened, or of kind `other` for a number out of range or a
  ///   request that ``send(_:)`` would refuse; `CancellationError` when the task was cancelled.
  public nonisolated(nonsending) func warmUp(with request: TransportRequest, connections: Int) async throws {
    guard (1...connectionsPerHost).contains(connections) else {
      throw TransportError.other(
        "connections is \(connections); choose a number from 1 to \(connectionsPerHost)")
    }
    guard request.mayBeResent else {
      throw TransportError.other("mayBeResent is false, and the connections of such requests are not kept")
    }
    try await loops.warmUp(connections: connections) { try Self.transfer(of: request, opensConnection: $0) }
  }

  /// Has new connections use other certificates, or those of the same files as they are now, without a restart: requests
  /// for which `send` is called after this has returned use new connections, and those under way finish on theirs.
  ///
  /// - Parameters:
  ///   - certificateAuthorities: the authorities to trust; nil keeps the source in use, and reads it again if it is a file.
  ///   - clientCertificate: the certificate to show; nil keeps the source in use, and reads it again if it is in files.
  /// - Throws: `PlystraError` of kind `configuration` if a file cannot be read or a text is not PEM. Then nothing changes.
  ///   What else is wrong with a certificate fails the next connection.
  public func reload(
    certificateAuthorities: TransportConfiguration.PEM? = nil,
    clientCertificate: TransportConfiguration.ClientCertificate? = nil
  ) throws(PlystraError) {
    try material.withLock { material throws(PlystraError) in
      let new = try TLSMaterial(
        certificateAuthorities: certificateAuthorities ?? material.certificateAuthorities,
        clientCertificate: clientCertificate ?? material.clientCertificate)
      material = new
      // With the lock held, so that two reloads reach every loop in the same order.
      loops.reload(new)
    }
  }

  /// The connections and requests of each host as they are now.
  ///
  /// Takes one turn of each of the transport's threads. Empty once the transport is shut down.
  public var statistics: Statistics {
    get async { await loops.statistics() }
  }

  /// The requests under way and waiting.
  var load: Int { loops.load }

  /// Closes the connection with this number: a request for which `send` is called after this has returned does not use
  /// it. Requests under way on it may fail. A number of no open connection is ignored.
  ///
  /// - Parameter id: the `TransportResponse.connectionID` of a response: the number of its TCP connection, which no other
  ///   connection of the process has, also over TLS and after that is closed. With libcurl older than 7.80, a response
  ///   after which the connection was closed has none.
  public func closeConnection(_ id: UInt64) { loops.closeConnection(id) }

  /// Fails all requests under way and waiting with `.shutDown`, and closes all connections; later requests fail with
  /// `.shutDown` at once. Calling it again does nothing.
  ///
  /// It may be called anywhere and waits for nothing: the threads do this and end soon after it has returned, or when the
  /// job that blocks one of them ends. A program that exits next calls ``shutdown(within:)`` instead, so that libcurl is
  /// not at work while the process ends.
  public func shutdown() { loops.shutDown() }

  /// Lets the requests under way and waiting finish, closes all connections and returns when the threads have ended.
  ///
  /// New requests fail with `.shutDown` at once. What is left after `time` fails with `.shutDown`, too, as everything
  /// does when ``shutdown()`` is called meanwhile or the calling task is cancelled. A job that blocks a thread of
  /// ``executor`` holds up the end until it returns. May be called several times and by tasks on ``executor``.
  ///
  /// There is no default time, because `shutdown()` would then mean this one in async functions.
  ///
  /// - Parameter time: how long to wait for requests; 10 s suits most programs, zero or less fails them at once.
  public nonisolated(nonsending) func shutdown(within time: Duration) async {
    await withTaskCancellationHandler {
      await loops.drain(within: time)
    } onCancel: {
      loops.shutDown()
    }
  }
}
