import Foundation

extension RawConnection {
  /// Waits for some bytes that the script has not taken yet; false when the other side has finished.
  package func waitForBytes() throws -> Bool {
    while pending.isEmpty {
      guard try receive() else { return false }
    }
    return true
  }

  /// Whether nothing comes for a while; returns as soon as something does.
  package func isQuiet(for duration: Duration) throws -> Bool {
    let end = ContinuousClock.now + duration
    while pending.isEmpty, ContinuousClock.now < end { try pause(.milliseconds(1)) }
    return pending.isEmpty
  }

  /// Waits until the other side's system has taken in everything that was sent, the end of the stream included.
  package func waitUntilDelivered() throws {
    while try unacknowledgedByteCount > 0 { try pause(.milliseconds(1)) }
  }

  /// How many bytes were sent and not acknowledged; 0 if the connection is gone.
  private var unacknowledgedByteCount: Int32 {
    get throws {
      var polled = pollfd(fd: descriptor, events: 0, revents: 0)
      guard poll(&polled, 1, 0) == 0 else { return 0 }
      var count: Int32 = 0
      #if canImport(Darwin)
      var size = socklen_t(MemoryLayout<Int32>.size)
      guard getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &count, &size) == 0 else {
        throw SystemCallFailure("getsockopt")
      }
      #else
      guard ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 else { throw SystemCallFailure("ioctl") }
      #endif
      return count
    }
  }
}
