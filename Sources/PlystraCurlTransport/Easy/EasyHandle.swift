import CLibcurl
import PlystraCore

/// A libcurl easy handle with everything one transfer needs, used for one transfer after another.
///
/// What is the same for all transfers is set once, in `init`; `prepare` sets the rest and never resets the handle.
/// Confined to the loop thread.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  /// The transfer under way on this handle.
  var transfer: Transfer?
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
  private var connectsFreshly = false
  /// Whether the connections that libcurl makes for it carry no TLS as far as the server, or a proxy of the configuration.
  private let mayBePlain: Bool
  /// The URL, taken apart: most often, that of the next transfer is the same.
  private let parsedURL: UnsafeMutableRawPointer
  /// What the last transfer set and the next need not set again, most often.
  private var url = ""
  private var connectTimeout: Int32 = 0
  private var postedBytes: UnsafeMutablePointer<UInt8>?
  private var postedCount = -1

  /// - Parameter multi: what it will be added to, and what outlives it.
  init(limits: TransferLimits, multi: MultiHandle) throws(TransportError) {
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
    gate.initialize(to: ConnectionGate(easy: pointer, connections: connections))
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    // With a proxy, libcurl's texts may quote its URL, which may hold a password.
    quotesErrorText = !limits.usesEnvironmentProxy && limits.network.proxy == nil
    mayBePlain = !limits.usesEnvironmentProxy && !limits.network.speaksTLSToProxy
    try setConstantOptions(limits)
    try check(plystra_easy_set_sessions(pointer, multi.sessions))
    try check(connections.watchConnections(of: pointer))
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
    try check(plystra_easy_allow_only_http(pointer))
    try check(plystra_easy_abandon_lookups(pointer))
    try check(plystra_easy_demand_tls12(pointer))
    // Certificates that the system comes to trust, or no longer trusts, are known within the hour.
    plystra_easy_keep_trust_store(pointer, 3600)
    // Every encoding that this libcurl can decode.
    try check(plystra_easy_set_string(pointer, CURLOPT_ACCEPT_ENCODING, ""))
    for (option, value) in Self.constantOptions {
      try check(plystra_easy_set_long(pointer, option, value))
    }
    try check(plystra_easy_set_long(pointer, CURLOPT_MAXAGE_CONN, limits.idleSeconds))
    if !limits.usesEnvironmentProxy { try setProxy(limits.network.proxy) }
    try setTrust(limits.network)
  }

  /// Sets the proxy, or that there is none; either keeps libcurl from looking into the environment.
  private func setProxy(_ proxy: TransportConfiguration.Proxy?) throws(TransportError) {
    try check(plystra_easy_set_string(pointer, CURLOPT_PROXY, proxy?.url ?? ""))
    try check(plystra_easy_set_string(pointer, CURLOPT_NOPROXY, ""))
    guard let username = proxy?.username else { return }
    try check(plystra_easy_set_string(pointer, CURLOPT_PROXYUSERNAME, username))
    try set(proxy?.password, CURLOPT_PROXYPASSWORD)
  }

  private func setTrust(_ network: NetworkSettings) throws(TransportError) {
    if let path = network.certificateAuthorities {
      try check(plystra_easy_set_string(pointer, CURLOPT_CAINFO, path))
      try check(plystra_easy_set_string(pointer, CURLOPT_CAPATH, nil))
    }
    if let client = network.clientCertificate {
      try check(plystra_easy_set_string(pointer, CURLOPT_SSLCERT, client.certificate))
      try check(plystra_easy_set_string(pointer, CURLOPT_SSLKEY, client.privateKey))
      try set(client.passphrase, CURLOPT_KEYPASSWD)
    }
    if network.speaksHTTP1Only || !plystra_speaks_http2() {
      try check(plystra_easy_set_long(pointer, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)))
    }
  }

  private func set(_ secret: Secret?, _ option: CURLoption) throws(TransportError) {
    guard let secret else { return }
    try check(secret.withExposedValue { plystra_easy_set_string(pointer, option, $0) })
  }

  private static let constantOptions: [(CURLoption, Int)] = [
    (CURLOPT_NOSIGNAL, 1),
    (CURLOPT_FOLLOWLOCATION, 0),
    (CURLOPT_HTTP09_ALLOWED, 0),
    (CURLOPT_PATH_AS_IS, 1),
    (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
    (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
    (CURLOPT_SSL_VERIFYPEER, 1),
    (CURLOPT_SSL_VERIFYHOST, 2),
    // A proxy's own answer to CONNECT is not part of the server's.
    (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
    (CURLOPT_TCP_NODELAY, 1),
    (CURLOPT_TCP_KEEPALIVE, 1),
    (CURLOPT_TCP_KEEPIDLE, 60),
    (CURLOPT_TCP_KEEPINTVL, 30),
  ]

  /// Makes the handle ready to be added to the multi handle.
  ///
  /// - Parameter connectTimeout: milliseconds, at least 1.
  func prepare(for transfer: Transfer, connectTimeout: Int32) throws(TransportError) {
    errorText[0] = 0
    // Part by part: a copy of the whole would hold on to each of them.
    response.pointee.reset(maximumBodyBytes: transfer.request.maximumResponseBytes)
    try setURL(transfer.request.url)
    try check(
      plystra_easy_set_headers(
        pointer,
        outgoing.pointee.headerLines.fill(
          with: transfer.request.headers.fields, bodyCount: transfer.request.body?.count ?? 0)))
    try setConnectTimeout(connectTimeout)
    // libcurl silently repeats a request whose pooled connection turns out dead. On a new one it cannot.
    try setConnectsFreshly(!transfer.request.mayBeResent)
    gate.pointee.reset(
      looksForBytes: mayBePlain && transfer.origin.isPlain, isFresh: connectsFreshly)
    try setMethod(RequestMethod(transfer.request.method, hasBody: transfer.request.body != nil))
    if method.sendsBody { try setBody(transfer.request.body ?? []) }
  }

  /// Makes the handle ready to be added again, after a transfer that the gate kept from its connection: on a new one.
  func prepareAgain() throws(TransportError) {
    errorText[0] = 0
    try setConnectsFreshly(true)
    gate.pointee.reopen()
  }

  private func setConnectsFreshly(_ new: Bool) throws(TransportError) {
    guard new != connectsFreshly else { return }
    try check(plystra_easy_set_long(pointer, CURLOPT_FRESH_CONNECT, new ? 1 : 0))
    connectsFreshly = new
  }

  private func setURL(_ new: String) throws(TransportError) {
    guard new != url else { return }
    url = ""
    try check(plystra_url_set(parsedURL, new))
    try check(plystra_easy_set_url(pointer, parsedURL))
    url = new
  }

  /// Sets the time to connect, unless what is set is about as long: the end of the whole time is not libcurl's to watch.
  private func setConnectTimeout(_ timeout: Int32) throws(TransportError) {
    guard timeout > connectTimeout || timeout < connectTimeout - connectTimeout / 8 else { return }
    try check(plystra_easy_set_long(pointer, CURLOPT_CONNECTTIMEOUT_MS, Int(timeout)))
    connectTimeout = timeout
  }

  private func setMethod(_ new: RequestMethod) throws(TransportError) {
    guard new != method else { return }
    method = new
    postedBytes = nil
    try check(plystra_easy_set_long(pointer, CURLOPT_NOBODY, 0))
    switch new {
    case .get(let name):
      try check(plystra_easy_set_long(pointer, CURLOPT_HTTPGET, 1))
      try check(plystra_easy_set_string(pointer, CURLOPT_CUSTOMREQUEST, name))
    case .head:
      try check(plystra_easy_set_string(pointer, CURLOPT_CUSTOMREQUEST, nil))
      try check(plystra_easy_set_long(pointer, CURLOPT_NOBODY, 1))
    case .post(let name):
      try check(plystra_easy_set_long(pointer, CURLOPT_POST, 1))
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
    guard memory != postedBytes || bytes.count != postedCount else { return }
    try check(plystra_easy_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count)))
    try check(plystra_easy_set_pointer(pointer, CURLOPT_POSTFIELDS, memory))
    postedBytes = memory
    postedCount = bytes.count
  }

  private func check(_ code: CURLcode) throws(TransportError) {
    guard code == CURLE_OK else {
      throw .curl(code, kind: .other, message: code.text, mayHaveBeenSent: false)
    }
  }

  // MARK: How far it has come

  /// Whether any byte of the request has left.
  var hasSentBytes: Bool { plystra_easy_get_long(pointer, CURLINFO_REQUEST_SIZE) > 0 }

  /// What the transfer is doing, for the text of a timeout.
  var activity: String {
    guard hasSentBytes else { return "while connecting" }
    return response.pointee.hasBegun ? "while receiving the answer" : "while waiting for the answer"
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
      head.connectionID = gate.pointee.connectionID ?? connections.id(of: plystra_easy_get_socket(pointer))
      return .answer(head, body: body)
    }
    return .failure(TransportError(failureFacts(code)))
  }

  /// Lets go of what a transfer left behind, before the handle waits for the next.
  func forget() {
    response.pointee.reset(maximumBodyBytes: 0)
    outgoing.pointee.headerLines.giveBackExcess()
    outgoing.pointee.body.giveBackExcess()
  }

  /// Some servers answer in full and then reset the HTTP/2 stream instead of ending it, which libcurl reports. When the
  /// reset comes in the same read as the answer, libcurl 7.88 hands out none of that: there is nothing to be whole.
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
