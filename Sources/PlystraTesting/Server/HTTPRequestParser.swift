import PlystraCore

/// Finds requests in the bytes of one connection (HTTP/1.1 and 1.0), however they are cut into pieces.
///
/// What two parsers could read in two ways is refused, so that nothing can be smuggled past a proxy in front.
/// After it has thrown, the parser must not be asked again.
struct HTTPRequestParser {
  /// A complete request and what its head says about the connection.
  struct Parsed {
    let request: TransportRequest
    let keepsAlive: Bool
    let isVersion10: Bool
  }

  /// What the bytes so far amount to.
  enum Event {
    /// There is no complete request yet.
    case needsMoreBytes
    /// A client waits for `100 Continue` before it sends the body of its request; said once a request.
    case continueExpected
    /// The next request.
    case request(Parsed)
  }

  private let limits: ServerLimits
  private let ownAuthority: String
  private var buffer: [UInt8] = []
  /// Where in the buffer the part begins that was not taken yet.
  private var position = 0
  /// Up to where the buffer was searched for the end of the head.
  private var searched = 0
  /// Where the line begins that was being searched for its end.
  private var lineStart = 0
  private var hasSkippedEmptyLine = false
  /// The head of the request whose body is awaited.
  private var head: HTTPRequestHead?
  private var chunks: ChunkedBody?

  /// - Parameter ownAuthority: the server's address, such as `127.0.0.1:8080`, for clients that send no `Host`.
  init(limits: ServerLimits, ownAuthority: String) {
    self.limits = limits
    self.ownAuthority = ownAuthority
  }

  /// Whether no byte of a further request has arrived.
  var isBetweenRequests: Bool { head == nil && position == buffer.count }

  /// Adds bytes that were received.
  mutating func append(_ bytes: some Collection<UInt8>) { buffer.append(contentsOf: bytes) }

  /// Takes the next event from the bytes; to be called until it needs more of them.
  mutating func next() throws(RequestRejection) -> Event {
    if head == nil {
      guard let end = try endOfHead() else {
        compact()
        return .needsMoreBytes
      }
      let head = try HTTPRequestHead(buffer[position..<end], ownAuthority: ownAuthority)
      position = end + 2
      try expectBody(of: head)
      if head.expectsContinue, head.framing != .none, head.framing != .length(0), position == buffer.count {
        return .continueExpected
      }
    }
    guard let head, let request = try request(with: head) else {
      compact()
      return .needsMoreBytes
    }
    finishRequest()
    return .request(
      Parsed(request: request, keepsAlive: head.keepsAlive, isVersion10: head.isVersion10))
  }

  /// The position of the empty line that ends the head; nil if it has not arrived.
  private mutating func endOfHead() throws(RequestRejection) -> Int? {
    while searched < buffer.count {
      let index = searched
      searched += 1
      guard buffer[index] == HTTPGrammar.lineFeed else { continue }
      guard index > lineStart, buffer[index - 1] == HTTPGrammar.carriageReturn else {
        throw .malformed("a line of the head does not end in CR LF")
      }
      let start = lineStart
      lineStart = searched
      guard index - 1 == start else { continue }
      if start == position {
        // RFC 9112 §2.2: one empty line before a request is to be overlooked.
        guard !hasSkippedEmptyLine else { throw .malformed("there is no request line") }
        hasSkippedEmptyLine = true
        position = searched
        continue
      }
      try checkHeadSize(end: searched)
      return start
    }
    try checkHeadSize(end: searched)
    return nil
  }

  private func checkHeadSize(end: Int) throws(RequestRejection) {
    if end - position > limits.maximumHeadBytes {
      throw RequestRejection(
        status: 431, reason: "the head is longer than \(limits.maximumHeadBytes) bytes")
    }
  }

  private mutating func expectBody(of head: HTTPRequestHead) throws(RequestRejection) {
    if case .length(let count) = head.framing, count > limits.maximumBodyBytes {
      throw RequestRejection(
        status: 413, reason: "the body is longer than \(limits.maximumBodyBytes) bytes")
    }
    if head.framing == .chunked { chunks = ChunkedBody(maximumBytes: limits.maximumBodyBytes) }
    self.head = head
  }

  /// The request if its body is complete.
  private mutating func request(with head: HTTPRequestHead) throws(RequestRejection) -> TransportRequest? {
    var body: [UInt8]?
    switch head.framing {
    case .none: break
    case .length(let count):
      guard buffer.count - position >= count else { return nil }
      body = Array(buffer[position..<position + count])
      position += count
    case .chunked:
      guard try chunks?.consume(buffer, from: &position) == true else { return nil }
      body = chunks?.bytes
    }
    return TransportRequest(method: head.method, url: head.url, headers: head.headers, body: body)
  }

  private mutating func finishRequest() {
    head = nil
    chunks = nil
    searched = position
    lineStart = position
    hasSkippedEmptyLine = false
    if position == buffer.count { compact() }
  }

  /// Forgets the bytes that were taken, and memory that one large request needed.
  private mutating func compact() {
    guard position > 0 else { return }
    if position == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 256 << 10)
    } else {
      buffer.removeFirst(position)
    }
    searched -= position
    lineStart -= position
    position = 0
  }
}
