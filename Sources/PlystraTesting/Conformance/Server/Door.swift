import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A door that opens once and stays open, at which threads wait with `poll`, so also for a socket at the same time.
///
/// It is a pipe whose writing end closes when the door opens.
final class Door: Sendable {
  /// Becomes readable when the door opens.
  let descriptor: Int32
  private let writingEnd: Locked<Int32?>

  init() throws(ServerStartError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ServerStartError(port: 0, errorNumber: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    descriptor = ends[0]
    writingEnd = Locked(ends[1])
  }

  deinit {
    open()
    close(descriptor)
  }

  /// Lets everybody through, those who come later too.
  func open() {
    let end = writingEnd.withLock { end in
      let taken = end
      end = nil
      return taken
    }
    if let end { close(end) }
  }
}
