import CLibcurl

/// What one transfer's request has to pass before it is sent: the connection that libcurl chose must be clean.
struct ConnectionGate {
  /// The libcurl handle of the transfer.
  private let easy: UnsafeMutableRawPointer
  private let connections: ConnectionTable
  /// Whether the connection carries plain HTTP/1.1.
  private var looksForBytes = false
  /// Whether the connection was made for this transfer, as far as libcurl has a say.
  private var isFresh = false
  /// Whether the request was kept from its connection.
  private(set) var isClosed = false
  /// Whether it was kept from one before.
  private(set) var wasReopened = false
  /// The number of the connection that the request was sent on.
  private(set) var connectionID: UInt64?

  init(easy: UnsafeMutableRawPointer, connections: ConnectionTable) {
    self.easy = easy
    self.connections = connections
  }

  mutating func reset(looksForBytes: Bool, isFresh: Bool) {
    open()
    self.looksForBytes = looksForBytes
    self.isFresh = isFresh
    wasReopened = false
    connectionID = nil
  }

  /// Lets the request come again, on a new connection.
  mutating func reopen() {
    open()
    isFresh = true
    wasReopened = true
  }

  private mutating func open() {
    guard isClosed else { return }
    isClosed = false
    plystra_easy_set_long(easy, CURLOPT_FORBID_REUSE, 0)
  }

  private mutating func close() {
    isClosed = true
    // Over HTTP/2, libcurl would keep the connection otherwise, and offer it to the next request.
    plystra_easy_set_long(easy, CURLOPT_FORBID_REUSE, 1)
  }

  /// - Returns: whether the request may be sent.
  mutating func admit(_ endpoints: Endpoints) -> Bool {
    switch connections.inspect(endpoints, looksForBytes: looksForBytes) {
    case .usable(let id): connectionID = id
    case .unusable: close()
    // Nothing can be said about it, unless it is new.
    case .unknown: if !isFresh { close() }
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
