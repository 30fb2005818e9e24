import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One TCP connection in the hands of a script, on a thread of its own.
///
/// Whatever a script waits for, it is let go with ``Ended`` when the server stops or the client leaves.
final class ScriptedConnection {
  /// Why a script cannot go on.
  enum Ended: Error {
    case stopped
    case byPeer
  }

  /// Which connection of its server this is, counted from 0.
  let number: Int
  private let socket: ServerSocket
  private let journal: ServerJournal
  private let stopped: Door
  private var isOpen = true
  private var hasPeerFinished = false
  /// Bytes that were received and not yet taken.
  private var pending: [UInt8] = []

  init(_ socket: ServerSocket, number: Int, journal: ServerJournal, stopped: Door) {
    self.socket = socket
    self.number = number
    self.journal = journal
    self.stopped = stopped
  }

  // MARK: Reading

  /// Reads the next request with its body, and puts it into the journal; nil if the client finished first.
  func readRequest() throws -> ScriptedRequest? {
    guard let head = try readHead() else { return nil }
    var request = ScriptedRequest(head: head, connection: number)
    switch request.framing {
    case .none: break
    case .length(let count):
      while pending.count < count { guard try receive() else { return nil } }
      request.body = Array(pending.prefix(count))
      pending.removeFirst(count)
    case .chunked:
      var chunks = ChunkedBody(maximumBytes: .max)
      var position = 0
      while try !chunks.consume(pending, from: &position) { guard try receive() else { return nil } }
      request.body = chunks.bytes
      pending.removeFirst(position)
    }
    journal.add(request)
    return request
  }

  private func readHead() throws -> [UInt8]? {
    let end = Array("\r\n\r\n".utf8)
    var searched = 0
    while true {
      while searched < pending.count {
        searched += 1
        if pending[searched - 1] == UInt8(ascii: "\n"), pending[..<searched].suffix(end.count) == end[...] {
          let head = Array(pending[..<(searched - end.count)])
          pending.removeFirst(searched)
          return head
        }
      }
      guard try receive() else { return nil }
    }
  }

  /// Waits for bytes; false when the client has finished.
  private func receive() throws -> Bool {
    while !hasPeerFinished {
      try wait(for: Int16(POLLIN), until: nil)
      if try receiveAvailable() { return true }
    }
    return false
  }

  private func receiveAvailable() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    switch socket.receive(into: &chunk) {
    case .moved(0):
      hasPeerFinished = true
      journal.noteDisconnect(of: number)
      return false
    case .moved(let count):
      pending += chunk[..<count]
      return true
    case .notReady: return false
    case .failed: throw gone()
    }
  }

  // MARK: Writing

  /// Sends all bytes.
  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      switch socket.send(bytes, from: sent) {
      case .moved(let count):
        sent += count
        journal.noteSent(count)
      case .notReady: try wait(for: Int16(POLLOUT), until: nil)
      case .failed: throw gone()
      }
    }
  }

  /// Sends all of a text; lines end as the text says.
  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Sends an answer with a head of its own.
  func send(_ response: TransportResponse) throws { try send(response.wireBytes) }

  // MARK: Waiting

  /// Does nothing for a while, but notices that the client leaves.
  func pause(_ duration: Duration) throws {
    try watch(for: nil, until: .now + duration)
  }

  /// Does nothing until the door opens, or so much time has passed, but notices that the client leaves.
  func wait(for door: Door, atMost limit: Duration) throws {
    try watch(for: door, until: .now + limit)
  }

  /// Stays silent until the client leaves.
  func holdUntilClosed() throws {
    while try receive() {}
  }

  private func watch(for door: Door?, until deadline: ContinuousClock.Instant) throws {
    while ContinuousClock.now < deadline {
      let ready = try wait(for: Int16(POLLIN), until: deadline, door: door, isPeerWatched: !hasPeerFinished)
      if ready.door { return }
      if ready.socket { _ = try receiveAvailable() }
    }
  }

  @discardableResult
  private func wait(
    for events: Int16, until deadline: ContinuousClock.Instant?, door: Door? = nil,
    isPeerWatched: Bool = true
  ) throws -> (socket: Bool, door: Bool) {
    guard isOpen else { throw Ended.stopped }
    var polled = [
      pollfd(fd: stopped.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: door?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isPeerWatched ? socket.descriptor : -1, events: events, revents: 0),
    ]
    let left = deadline.map { ContinuousClock.now.duration(to: $0).components }
    let milliseconds = left.map { max(0, $0.seconds * 1000 + $0.attoseconds / 1_000_000_000_000_000 + 1) }
    _ = poll(&polled, nfds_t(polled.count), milliseconds.map { Int32(clamping: $0) } ?? -1)
    if polled[0].revents != 0 { throw Ended.stopped }
    return (polled[2].revents != 0, polled[1].revents != 0)
  }

  // MARK: Ending

  /// Closes the connection.
  func close() {
    guard isOpen else { return }
    isOpen = false
    // Bytes that were not read would turn the close into a reset.
    _ = try? receiveAvailable()
    socket.close()
  }

  /// Resets the connection: the client loses even what it has not yet read.
  func reset() {
    guard isOpen else { return }
    isOpen = false
    socket.reset()
  }

  private func gone() -> Ended {
    hasPeerFinished = true
    journal.noteDisconnect(of: number)
    return .byPeer
  }
}
