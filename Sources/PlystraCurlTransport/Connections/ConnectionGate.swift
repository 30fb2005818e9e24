import CLibcurl

/// What one transfer's request has to pass before it is sent: the connection that libcurl chose must be clean.
struct ConnectionGate {
  /// The libcurl handle of the transfer.
  private let easy: UnsafeMutableRawPointer
  let connections: ConnectionTable
  /// Whether the table can tell which connection a request is about to be sent on.
  private let knowsConnections: Bool
  /// The host of the transfer.
  private(set) var origin = ""
  /// Whether libcurl has opened a socket for the transfer.
  private(set) var hasOpened = false
  /// Whether the connection carries plain HTTP/1.1.
  private var looksForBytes = false
  /// Whether the bytes that come on the connection are counted, so that silence can be told.
  private var countsBytes = false
  /// Whether the connection is to be closed after the transfer.
  private var isLast = false
  /// Whether the connection was made for this transfer, as far as libcurl has a say.
  private var isFresh = false
  /// Whether the request was kept from its connection.
  private(set) var isClosed = false
  /// Whether it was kept from one before.
  private(set) var wasReopened = false
  /// The transfer's use of the connection that the request was sent on.
  private(set) var use: ConnectionTable.Use?

  init(easy: UnsafeMutableRawPointer, connections: ConnectionTable, knowsConnections: Bool) {
    self.easy = easy
    self.connections = connections
    self.knowsConnections = knowsConnections
  }

  mutating func reset(origin: String, looksForBytes: Bool, countsBytes: Bool, isFresh: Bool, isLast: Bool) {
    open(isLast: isLast)
    self.origin = origin
    hasOpened = false
    self.looksForBytes = looksForBytes
    self.countsBytes = countsBytes
    self.isFresh = isFresh
    wasReopened = false
    endUse()
  }

  /// Lets the request come again, on a new connection.
  mutating func reopen() {
    open(isLast: isLast)
    isFresh = true
    wasReopened = true
  }

  /// Says that the transfer no longer uses its connection.
  mutating func endUse() {
    if let use { connections.end(use) }
    use = nil
  }

  private mutating func open(isLast: Bool) {
    if isClosed || isLast != self.isLast {
      plystra_easy_set_long(easy, CURLOPT_FORBID_REUSE, isLast ? 1 : 0)
    }
    isClosed = false
    self.isLast = isLast
  }

  private mutating func close() {
    isClosed = true
    // Over HTTP/2, libcurl would keep the connection otherwise, and offer it to the next request.
    plystra_easy_set_long(easy, CURLOPT_FORBID_REUSE, 1)
  }

  /// Notes a socket that libcurl opened for the transfer.
  mutating func didOpen(_ descriptor: Int32, hasEndpoints: Bool) {
    hasOpened = true
    connections.didOpen(descriptor, for: origin, isShareable: countsBytes, hasEndpoints: hasEndpoints)
  }

  /// - Returns: whether the request may be sent.
  mutating func admit(_ endpoints: Endpoints) -> Bool {
    // libcurl may have moved it from a connection that turned out dead.
    endUse()
    switch connections.use(endpoints, looksForBytes: looksForBytes, countsBytes: countsBytes) {
    case .usable(let use): self.use = use
    case .unusable: close()
    // Nothing can be said about it, unless it is new.
    case .unknown: if !isFresh && knowsConnections { close() }
    }
    return !isClosed
  }
}

/// The context is a ``ConnectionGate``, which its easy handle keeps as long as libcurl has that.
let passConnectionGate: plystra_request_gate = {
  context, remoteAddress, localAddress, remotePort, localPort in
  guard let context, let remoteAddress, let localAddress else { return 1 }
  let endpoints = Endpoints(
    localAddress: String(cString: localAddress), localPort: localPort,
    remoteAddress: String(cString: remoteAddress), remotePort: remotePort)
  return context.assumingMemoryBound(to: ConnectionGate.self).pointee.admit(endpoints) ? 0 : 1
}
