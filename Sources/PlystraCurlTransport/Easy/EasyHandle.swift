import CLibcurl
import PlystraCore

/// A libcurl easy handle with everything one transfer needs, used for one transfer after another.
///
/// What is the same for all transfers is set once, in `init`; `prepare` sets the rest and never resets the handle.
/// Confined to the loop thread.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  /// The slot of the transfer under way on this handle.
  var transferSlot: Int?
  /// What libcurl's callbacks are given and touch, while the loop thread waits for them; of this object's own.
  private let response: UnsafeMutablePointer<ResponseCollector>
  /// What libcurl reads of the request; of this object's own, and touched by no callback.
  private let outgoing: UnsafeMutablePointer<RequestMemory>
  /// As `response`: what libcurl asks before it sends a request.
  private let gate: UnsafeMutablePointer<ConnectionGate>
  private let connections: ConnectionTable
  /// libcurl writes the reason of a failure here.
  private let errorText: UnsafeMutablePointer<CChar>
  private let quotesErrorText: Bool
  private var method = RequestMethod.get("GET")
  private var generation = 0
  /// Whether the transfer under way is one of TLS, and whether its host may speak HTTP/2.
  private var (isTLS, mayBeHTTP2) = (false, false)
  /// Whether libcurl may have the transfer under way wait for a connection that another one opens.
  private var mayWaitToShare = false
  private let negotiatesHTTP2: Bool
  private let material: TLSMaterial
  /// The pool's number for these certificates.
  let version: Int
  /// Whether the connections that libcurl makes for it carry no TLS as far as the server, or a proxy of the configuration.
  private let mayBePlain: Bool
  /// The URL, taken apart: most often, that of the next transfer is the same.
  private let parsedURL: UnsafeMutableRawPointer
  private var url = ""

  /// - Parameter multi: what it will be added to, and what outlives it.
  init(limits: TransferLimits, version: Int = 0, multi: MultiHandle) throws(TransportError) {
    self.version = version
    guard let pointer = plystra_easy_init() else { throw .other("libcurl has no memory for a transfer") }
    guard let parsedURL = plystra_url_init() else {
      plystra_easy_cleanup(pointer)
      throw .other("libcurl has no memory for a URL")
    }
    self.pointer = pointer
    self.parsedURL = parsedURL
    response = .allocate(capacity: 1)
    response.initialize(to: ResponseCollector(easy: pointer))
    outgoing = .allocate(capacity: 1)
    outgoing.initialize(to: RequestMemory())
    connections = multi.connections
    gate = .allocate(capacity: 1)
    gate.initialize(
      to: ConnectionGate(
        easy: pointer, connections: connections,
        knowsConnections: limits.network.unixSocketPath == nil))
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    // With a proxy, libcurl's texts may quote its URL, which may hold a password.
    quotesErrorText = !limits.usesEnvironmentProxy && limits.network.proxy == nil
    mayBePlain =
      !limits.usesEnvironmentProxy && !limits.network.speaksTLSToProxy && limits.network.unixSocketPath == nil
    negotiatesHTTP2 = limits.negotiatesHTTP2
    material = limits.network.material
    try setConstantOptions(limits)
    try check(plystra_easy_set_sessions(pointer, multi.sessions))
    try check(plystra_easy_set_socket_functions(pointer, openSocket, gate, closeSocket, connections.context))
    let code = plystra_easy_set_request_gate(pointer, passConnectionGate, gate)
    if code != CURLE_UNKNOWN_OPTION { try check(code) }
  }

  deinit {
    // First, so that libcurl holds no pointer to what is freed next.
    plystra_easy_cleanup(pointer)
    plystra_url_cleanup(parsedURL)
    response.deinitialize(count: 1)
    response.deallocate()
    outgoing.deinitialize(count: 1)
    outgoing.deallocate()
    gate.deinitialize(count: 1)
    gate.deallocate()
    errorText.deallocate()
  }

  /// The object around a handle that libcurl names.
  static func owner(of easy: UnsafeMutableRawPointer) -> EasyHandle? {
    // The engine keeps the object while libcurl has the handle.
    plystra_easy_get_private(easy).map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Setting up

  private func setConstantOptions(_ limits: TransferLimits) throws(TransportError) {
    // Unretained: `deinit` ends the handle before the object is gone.
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(plystra_easy_set_pointer(pointer, CURLOPT_PRIVATE, context))
    try check(plystra_easy_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
    try check(plystra_easy_set_body_receiver(pointer, receiveBody, response))
    try check(plystra_easy_set_header_receiver(pointer, receiveHeaderLine, response))
    try limits.apply(to: pointer)
  }

  /// Makes the handle ready to be added to the multi handle.
  ///
  /// - Parameter connectTimeout: milliseconds, at least 1.
  func prepare(for transfer: Transfer, to host: Host, connectTimeout: Int32) throws(TransportError) {
    let request = transfer.request
    errorText[0] = 0
    // Part by part: a copy of the whole would hold on to each of them.
    response.pointee.reset(maximumBodyBytes: request.maximumResponseBytes)
    try setURL(request.url)
    try check(
      plystra_easy_set_headers(
        pointer,
        outgoing.pointee.headerLines.fill(with: request.headers.fields, bodyCount: request.body?.count ?? 0)))
    // libcurl silently repeats a request if its connection was used before and ends without a response. A new one was
    // not; but one of HTTP/2 counts as used once another request joins it, so it must be one of HTTP/1.1.
    let isSentOnce = !request.mayBeResent
    isTLS = !transfer.origin.isPlain
    mayBeHTTP2 = negotiatesHTTP2 && isTLS && !isSentOnce
    // Else each request of a burst would open a connection before the first of them turns out to carry them all.
    let waitsToShare = mayBeHTTP2 && !transfer.opensConnection && host.speaksHTTP2 != false
    mayWaitToShare = waitsToShare && host.runningCount > 0
    let version = mayBeHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    let isFresh = isSentOnce || transfer.opensConnection
    try set(CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeout))
    try set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
    try set(CURLOPT_HTTP_VERSION, Int(version))
    try set(CURLOPT_PIPEWAIT, waitsToShare ? 1 : 0)
    if isTLS { try setGeneration(host.generation) }
    gate.pointee.reset(
      origin: host.origin, looksForBytes: mayBePlain && !isTLS, countsBytes: mayBeHTTP2, isFresh: isFresh,
      isLast: isSentOnce && negotiatesHTTP2 && isTLS)
    try setMethod(RequestMethod(request.method, hasBody: request.body != nil))
    if method.sendsBody { try setBody(request.body ?? []) }
  }

  /// Makes the handle ready to be added again, after a transfer that the gate kept from its connection: on a new one.
  func prepareAgain() throws(TransportError) {
    errorText[0] = 0
    try set(CURLOPT_FRESH_CONNECT, 1)
    gate.pointee.reopen()
  }

  private func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
    try check(plystra_easy_set_long(pointer, option, value))
  }

  private func setGeneration(_ new: Int) throws(TransportError) {
    guard new != generation else { return }
    try material.setAuthorities(of: pointer, generation: new)
    generation = new
  }

  /// Sets the URL, unless it is that of the last transfer, as mostly: to parse it costs as much as all the rest.
  private func setURL(_ new: String) throws(TransportError) {
    guard new != url else { return }
    url = ""
    try check(plystra_url_set(parsedURL, new))
    try check(plystra_easy_set_url(pointer, parsedURL))
    url = new
  }

  private func setMethod(_ new: RequestMethod) throws(TransportError) {
    guard new != method else { return }
    method = new
    try set(CURLOPT_NOBODY, 0)
    switch new {
    case .get(let name):
      try set(CURLOPT_HTTPGET, 1)
      try check(plystra_easy_set_string(pointer, CURLOPT_CUSTOMREQUEST, name))
    case .head:
      try check(plystra_easy_set_string(pointer, CURLOPT_CUSTOMREQUEST, nil))
      try set(CURLOPT_NOBODY, 1)
    case .post(let name):
      try set(CURLOPT_POST, 1)
      try check(plystra_easy_set_string(pointer, CURLOPT_CUSTOMREQUEST, name))
    }
  }

  /// Copies the body to memory that stays where it is until the next `prepare`: an array promises no address
  /// beyond a closure, and the copy costs next to nothing.
  private func setBody(_ bytes: [UInt8]) throws(TransportError) {
    let memory = outgoing.pointee.body.reserve(max(bytes.count, 1))
    bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { memory.update(from: start, count: source.count) }
    }
    try check(plystra_easy_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count)))
    try check(plystra_easy_set_pointer(pointer, CURLOPT_POSTFIELDS, memory))
  }

  // MARK: How far it has come

  /// Whether any byte of the request has left.
  var hasSentBytes: Bool { plystra_easy_get_long(pointer, CURLINFO_REQUEST_SIZE) > 0 }

  /// What the transfer is doing, for the text of a timeout.
  var activity: String {
    guard hasSentBytes else { return "while connecting" }
    return response.pointee.hasBegun ? "while receiving the response" : "while waiting for the response"
  }

  /// How far the transfer has come.
  ///
  /// - Parameter elapsed: the time since it started, which the part under way has taken up if it is not over.
  func metrics(elapsed: Duration) -> TransportMetrics {
    let isNew = gate.pointee.hasOpened
    guard isNew || hasSentBytes || gate.pointee.use != nil else {
      return mayWaitToShare ? TransportMetrics(queueing: elapsed) : TransportMetrics(resolving: elapsed)
    }
    var metrics = TransportMetrics(reusedConnection: !isNew)
    var end = Duration.zero
    /// The time from the end of the part before; nil if this part was not reached.
    func part(until info: CURLINFO) -> Duration? {
      guard end < elapsed else { return nil }
      let start = end
      let reached = plystra_easy_get_size(pointer, info)
      end = reached > 0 ? max(start, .microseconds(reached)) : elapsed
      return end - start
    }
    if isNew {
      metrics.resolving = part(until: CURLINFO_NAMELOOKUP_TIME_T)
      metrics.connecting = part(until: CURLINFO_CONNECT_TIME_T)
      metrics.securing = isTLS ? part(until: CURLINFO_APPCONNECT_TIME_T) : end < elapsed ? .zero : nil
    } else {
      (metrics.resolving, metrics.connecting, metrics.securing) = (.zero, .zero, .zero)
    }
    if hasSentBytes {
      end = .microseconds(max(0, plystra_easy_get_size(pointer, CURLINFO_PRETRANSFER_TIME_T)))
      metrics.waiting = part(until: CURLINFO_STARTTRANSFER_TIME_T)
    }
    return metrics
  }

  // MARK: Ending

  /// Whether the gate kept the request from the connection that libcurl chose, for the first time: nothing was sent, and
  /// it may be started once more.
  var mayStartAgain: Bool { gate.pointee.isClosed && !gate.pointee.wasReopened }

  /// What came of the transfer that libcurl says has ended.
  func outcome(of code: CURLcode) -> Transfer.Outcome {
    if let refusal = response.pointee.refusal {
      return .failure(
        TransportError(kind: refusal.kind, message: refusal.message, mayHaveBeenSent: hasSentBytes))
    }
    if gate.pointee.isClosed {
      return .failure(
        TransportError(
          kind: .protocolViolation, message: "the server sent something before the request",
          mayHaveBeenSent: false))
    }
    if response.pointee.hasWholeHead && (code == CURLE_OK || isWhole(despite: code)) {
      var (head, body) = response.pointee.takeAnswer()
      head.connectionID = gate.pointee.use?.id ?? connections.id(of: plystra_easy_get_socket(pointer))
      head.speaksHTTP2 =
        mayBeHTTP2 ? plystra_easy_get_long(pointer, CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_2_0 : nil
      return .response(head, body: body)
    }
    return .failure(TransportError(failureFacts(code)))
  }

  /// The use of a connection by the transfer, if its request was let through to one.
  var connectionUse: ConnectionTable.Use? { gate.pointee.use }

  /// Releases what a transfer left, before the handle waits for the next.
  func forget() {
    gate.pointee.endUse()
    response.pointee.reset(maximumBodyBytes: 0)
    outgoing.pointee.headerLines.giveBackExcess()
    outgoing.pointee.body.giveBackExcess()
  }

  /// Some servers respond in full and then reset the HTTP/2 stream instead of ending it, which libcurl reports. When the
  /// reset comes in the same read as the response, libcurl 7.88 reports none of that: there is nothing to be whole.
  private func isWhole(despite code: CURLcode) -> Bool {
    guard code == CURLE_HTTP2_STREAM else { return false }
    let announced = plystra_easy_get_size(pointer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
    return announced >= 0 && announced == plystra_easy_get_size(pointer, CURLINFO_SIZE_DOWNLOAD_T)
  }

  private func failureFacts(_ code: CURLcode) -> FailureFacts {
    // A server has a say in some of libcurl's texts, and line ends have no place in a line of a log.
    let scalars = String(cString: errorText).unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
    return FailureFacts(
      code: code, detail: String(String.UnicodeScalarView(scalars)), quotesDetail: quotesErrorText,
      hasSentBytes: hasSentBytes,
      proxyStatus: plystra_easy_get_long(pointer, CURLINFO_HTTP_CONNECTCODE),
      answerHasBegun: response.pointee.hasBegun, hasWholeHead: response.pointee.hasWholeHead)
  }
}
