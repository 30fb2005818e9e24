import Foundation
import PlystraCore

/// A door that opens once and stays open: scripts on threads of their own wait at it, tests open it.
///
/// It is a pipe whose writing end closes when the gate opens, so that a thread can wait for the gate and
/// for a socket with one `poll`.
package final class Gate: Sendable {
  /// Becomes readable when the gate opens.
  let descriptor: Int32
  private let writingEnd: Locked<Int32?>

  package init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemCallFailure("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    descriptor = ends[0]
    writingEnd = Locked(ends[1])
  }

  deinit {
    open()
    close(descriptor)
  }

  /// Lets everybody through, those who come later too.
  package func open() {
    let end = writingEnd.withLock { end in
      defer { end = nil }
      return end
    }
    if let end { close(end) }
  }

  /// Whether the gate was opened.
  package var isOpen: Bool { writingEnd.withLock { $0 == nil } }

  /// Returns when the gate opens; throws ``NeverOpened`` when it does not within the limit.
  package func waitUntilOpen(within limit: Duration = .patience) async throws {
    let hasOpened = await withCheckedContinuation { continuation in
      startThread(in: nil) { continuation.resume(returning: self.blockUntilOpen(within: limit)) }
    }
    if !hasOpened { throw NeverOpened() }
  }

  /// Blocks the calling thread until the gate opens; false if it does not within the limit.
  @discardableResult
  package func blockUntilOpen(within limit: Duration = .patience) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, Int32(limit.components.seconds * 1000)) > 0
  }

  /// A gate stayed closed longer than somebody would wait.
  package struct NeverOpened: Error {}
}

/// A system call failed in a test's server or client.
package struct SystemCallFailure: Error, CustomStringConvertible {
  package let call: String
  package let code: Int32

  init(_ call: String) {
    self.call = call
    code = errno
  }

  package var description: String { "\(call): \(String(cString: strerror(code)))" }
}
