import Foundation
package import PlystraCore

/// One TCP connection in the hands of a test's script, which runs on a thread of its own and may block.
///
/// Whatever a script waits for, it is let go when the server stops (or the client's time is up): the call
/// throws ``Ended``, which a script need not catch.
package final class RawConnection {
  /// Why a script cannot go on.
  package enum Ended: Error, Equatable {
    /// The server was stopped, or the client's time is up.
    case stopped
    /// The other side reset the connection, or closed it and there is nobody to write to.
    case byPeer
    /// The script itself closed the connection.
    case byScript
  }

  /// Which connection of its server this is, counted from 0 in the order of arrival; 0 for a client.
  package let number: Int
  /// Whether the other side has ended its half of the connection.
  package private(set) var peerFinished = false
  private(set) var descriptor: Int32
  private let stop: Gate
  let journal: RawServerJournal?
  /// Bytes that were received and not yet taken by the script.
  var pending: [UInt8] = []

  /// Takes over a connected, non-blocking socket.
  init(descriptor: Int32, number: Int, stop: Gate, journal: RawServerJournal?) {
    self.descriptor = descriptor
    self.number = number
    self.stop = stop
    self.journal = journal
  }

  deinit { close() }

  // MARK: Reading

  /// Waits for bytes and adds them to `pending`; false when the other side has finished.
  func receive() throws -> Bool {
    while !peerFinished {
      try waitForSocket(Int16(POLLIN))
      if try receiveAvailable() { return true }
    }
    return false
  }

  /// Whether any bytes came; notes in passing that the other side has finished.
  private func receiveAvailable() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    if count > 0 {
      pending += chunk[..<count]
      journal?.update { $0.connections[self.number].received += chunk[..<count] }
      return true
    }
    if count == 0 {
      peerFinished = true
      journal?.update { $0.connections[self.number].peerFinished = true }
    } else if errno != EAGAIN && errno != EINTR {
      throw gone()
    }
    return false
  }

  // MARK: Writing

  /// Sends all bytes.
  package func send(_ bytes: some Collection<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      guard descriptor >= 0 else { throw Ended.byScript }
      let count = bytes.withUnsafeBytes {
        posixSend(descriptor, UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      if count >= 0 {
        sent += count
        journal?.update { $0.connections[self.number].sentByteCount += count }
      } else if errno == EAGAIN {
        try waitForSocket(Int16(POLLOUT))
      } else if errno != EINTR {
        throw gone()
      }
    }
  }

  /// Sends all of a text; lines end as the text says, that is with `\r\n` written out.
  package func send(_ text: String) throws { try send(text.utf8) }

  /// Sends an answer with its head.
  package func send(_ response: TransportResponse) throws { try send(response.bytes) }

  /// Sends the same byte many times, without holding them all in memory.
  package func send(repeating byte: UInt8, count: Int) throws {
    let block = [UInt8](repeating: byte, count: 1 << 20)
    var left = count
    while left > 0 {
      try send(block.prefix(left))
      left -= block.count
    }
  }

  /// Sends bytes one at a time, `interval` apart.
  package func drip(_ bytes: some Collection<UInt8>, every interval: Duration) throws {
    for byte in bytes {
      try send(CollectionOfOne(byte))
      try pause(interval)
    }
  }

  // MARK: Waiting

  /// Does nothing for a while, but takes in what arrives.
  package func pause(_ duration: Duration) throws {
    try watch(for: nil, until: .now + duration, reading: true)
  }

  /// Does nothing until the gate opens.
  ///
  /// - Parameter reading: whether to take in what arrives meanwhile; without it, the other side finds the
  ///   connection full at some time, and its leaving goes unnoticed.
  package func wait(for gate: Gate, reading: Bool = true) throws {
    try watch(for: gate, until: nil, reading: reading)
  }

  /// Stays silent until the other side closes or resets the connection.
  package func holdUntilClosed() throws {
    while try receive() {}
  }

  private func watch(for gate: Gate?, until deadline: ContinuousClock.Instant?, reading: Bool) throws {
    while true {
      let left = deadline.map { ContinuousClock.now.duration(to: $0) }
      if let left, left <= .zero { return }
      let socket = reading && !peerFinished ? descriptor : -1
      var polled = [
        pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: gate?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&polled, nfds_t(polled.count), left.map(milliseconds) ?? -1)
      if polled[0].revents != 0 { throw Ended.stopped }
      if polled[1].revents != 0 { return }
      if polled[2].revents != 0 { _ = try receiveAvailable() }
    }
  }

  private func waitForSocket(_ events: Int16) throws {
    guard descriptor >= 0 else { throw Ended.byScript }
    var polled = [
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: events, revents: 0),
    ]
    _ = poll(&polled, nfds_t(polled.count), -1)
    if polled[0].revents != 0 { throw Ended.stopped }
  }

  // MARK: Ending

  /// Ends the script's half of the connection; the other side may go on sending.
  package func finishWriting() {
    if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  /// Closes the connection. With received bytes that were never read, the system makes this a reset.
  package func close() {
    guard descriptor >= 0 else { return }
    Foundation.close(descriptor)
    descriptor = -1
    journal?.update { $0.connections[self.number].isClosed = true }
  }

  /// Resets the connection: the other side loses even what it has not yet read.
  package func reset() {
    guard descriptor >= 0 else { return }
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  private func gone() -> Ended {
    peerFinished = true
    journal?.update { $0.connections[self.number].peerFinished = true }
    return .byPeer
  }
}

/// A duration in the unit of `poll`.
func milliseconds(_ duration: Duration) -> Int32 {
  let parts = duration.components
  return Int32(
    clamping: parts.seconds * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
